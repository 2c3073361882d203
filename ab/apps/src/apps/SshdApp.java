package apps;

import java.nio.file.Files;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.command.AbstractCommandSupport;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;

/** MINA's SSH server, with commands that give their own text back. */
final class SshdApp {
  private SshdApp() {}

  private static final class Echo extends AbstractCommandSupport {
    Echo(String text) {
      super(text, null);
    }

    @Override
    public void run() {
      try {
        getOutputStream().write(getCommand().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        getOutputStream().flush();
        onExit(0);
      } catch (java.io.IOException e) {
        onExit(1, e.toString());
      }
    }
  }

  public static void main(String[] args) throws Exception {
    SshServer server = SshServer.setUpDefaultServer();
    server.setPort(Integer.parseInt(args[0]));
    // Without it each side waits for the other's delayed acknowledgement.
    CoreModuleProperties.TCP_NODELAY.set(server, true);
    var keys =
        new SimpleGeneratorHostKeyProvider(
            Files.createTempDirectory("husk-sshd").resolve("key.ser"));
    keys.setAlgorithm("EC");
    keys.setKeySize(256);
    server.setKeyPairProvider(keys);
    server.setPasswordAuthenticator(
        (user, password, session) -> password.equals("word of " + user));
    server.setCommandFactory((channel, command) -> new Echo(command));
    server.start();
    Thread.currentThread().join();
  }
}
