package apps;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.core.CoreModuleProperties;

/** MINA's SSH client: a command each time, and every fiftieth in a new session. */
final class SshLoad implements Clients.Client {
  private final SshClient client;
  private final int port;
  private ClientSession session;

  private SshLoad(SshClient client, int port) throws IOException {
    this.client = client;
    this.port = port;
    session = open();
  }

  private ClientSession open() throws IOException {
    ClientSession opened =
        client.connect("load", "127.0.0.1", port).verify(20, TimeUnit.SECONDS).getSession();
    opened.addPasswordIdentity("word of load");
    opened.auth().verify(20, TimeUnit.SECONDS);
    return opened;
  }

  @Override
  public void operation(int number) throws IOException {
    if (number % 50 == 49) {
      session.close();
      session = open();
    }
    String text = "number " + number;
    if (!session.executeRemoteCommand(text).equals(text)) {
      throw new IOException("another command's output");
    }
  }

  @Override
  public void close() throws IOException {
    session.close();
  }

  public static void main(String[] args) throws Exception {
    SshClient client = SshClient.setUpDefaultClient();
    CoreModuleProperties.TCP_NODELAY.set(client, true);
    client.setServerKeyVerifier((session, address, key) -> true);
    client.start();
    int port = Integer.parseInt(args[0]);
    Clients.run(8, Integer.parseInt(args[1]), number -> new SshLoad(client, port));
    System.exit(0);
  }
}
