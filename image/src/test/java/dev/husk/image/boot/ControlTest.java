package dev.husk.image.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** QEMU's machine protocol, with QEMU's part played from what QEMU 7.2 said. */
@Timeout(60)
final class ControlTest {
  private static final String GREETING =
      "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 22, \"minor\": 2, \"major\": 7},"
          + " \"package\": \"Debian 1:7.2\"}, \"capabilities\": [\"oob\"]}}";
  private static final String DONE = "{\"return\": {}}";
  private static final String STOP =
      "{\"timestamp\": {\"seconds\": 1, \"microseconds\": 2}, \"event\": \"STOP\"}";

  @TempDir private Path directory;
  private Process qemu;

  @BeforeEach
  void aProcess() throws IOException {
    qemu = new ProcessBuilder("sleep", "50").start();
  }

  @AfterEach
  void noProcess() throws InterruptedException {
    qemu.destroyForcibly().waitFor();
  }

  @Test
  void whatQemuStopsForGoodIsEndedWithItsWord() throws Exception {
    try (Side side = new Side()) {
      side.say(STOP);
      assertEquals("{\"execute\":\"query-status\"}", side.hear());
      side.say(
          "{\"return\": {\"status\": \"internal-error\", \"singlestep\": false, \"running\":"
              + " false}}");
      assertTrue(qemu.waitFor(30, TimeUnit.SECONDS));
      assertEquals("internal-error", side.control.stopped());
    }
  }

  @Test
  void aMachineThatSwitchesItselfOffIsLeftAlone() throws Exception {
    try (Side side = new Side()) {
      side.say(STOP);
      side.hear();
      side.say(
          "{\"return\": {\"status\": \"shutdown\", \"singlestep\": false, \"running\": false}}");
      side.control.powerDown();
      assertEquals("{\"execute\":\"system_powerdown\"}", side.hear());
      side.say(STOP);
      side.hear(); // So it has read what came before.
      assertNull(side.control.stopped());
      assertTrue(qemu.isAlive());
    }
  }

  @Test
  void aQemuThatIsGoneTakesNoCommands() throws Exception {
    qemu.destroyForcibly().waitFor();
    Control control = Control.of(qemu, directory.resolve("nobody"));
    assertThrows(IOException.class, control::powerDown);
    assertNull(control.stopped());
  }

  /** QEMU's side of a connection that has its greeting behind it. */
  private final class Side implements AutoCloseable {
    final Control control;
    private final ServerSocketChannel server;
    private final SocketChannel peer;
    private final BufferedReader lines;

    Side() throws IOException {
      Path socket = directory.resolve("control");
      server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      control = Control.of(qemu, socket); // There is nothing yet, as with a QEMU that starts.
      server.bind(UnixDomainSocketAddress.of(socket));
      peer = server.accept();
      lines = new BufferedReader(new InputStreamReader(Channels.newInputStream(peer), UTF_8));
      say(GREETING);
      assertEquals("{\"execute\":\"qmp_capabilities\"}", hear());
      say(DONE);
    }

    void say(String line) throws IOException {
      peer.write(ByteBuffer.wrap((line + "\r\n").getBytes(UTF_8)));
    }

    String hear() throws IOException {
      return lines.readLine();
    }

    @Override
    public void close() throws IOException {
      peer.close();
      server.close();
    }
  }
}
