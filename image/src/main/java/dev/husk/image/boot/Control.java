package dev.husk.image.boot;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The host's end of QEMU's machine protocol (QMP), which serves one client at a time. Answers and
 * events are lines of JSON that never nest what is looked for, so they are searched, not parsed.
 *
 * <p>Threads: any may call; a thread of its own reads.
 */
final class Control {
  private static final Pattern STATUS = Pattern.compile("\"status\": *\"([a-z-]+)\"");
  private static final int CONNECT_MILLIS = 10_000;
  private static final int PAUSE_MILLIS = 10;

  private final Process qemu;
  private final Path socket;
  private final CountDownLatch ready = new CountDownLatch(1);

  /** Set before the latch is opened; null where QEMU can't be reached. */
  private @Nullable SocketChannel channel;

  /** Why the guest was stopped; null while it wasn't. */
  private volatile @Nullable String stopped;

  private Control(Process qemu, Path socket) {
    this.qemu = qemu;
    this.socket = socket;
  }

  /** Connects to a QEMU that was just started, in the background. */
  static Control of(Process qemu, Path socket) {
    Control control = new Control(qemu, socket);
    Thread.ofPlatform().daemon().name("husk-guest-control").start(control::run);
    return control;
  }

  /** Presses the power button. */
  void powerDown() throws IOException {
    try {
      if (!ready.await(CONNECT_MILLIS, TimeUnit.MILLISECONDS) || channel == null) {
        throw new IOException("QEMU doesn't take commands");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    execute(channel, "system_powerdown");
  }

  /**
   * Why QEMU stopped the guest for good, in its own word such as internal-error; null where it
   * didn't. It has ended then: a stopped guest does nothing any more, and nobody would continue it.
   */
  @Nullable String stopped() {
    return stopped;
  }

  private void run() {
    try (SocketChannel open = connect()) {
      if (open == null) {
        return;
      }
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(Channels.newInputStream(open), StandardCharsets.UTF_8));
      lines.readLine(); // The greeting.
      execute(open, "qmp_capabilities");
      lines.readLine();
      channel = open;
      ready.countDown();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains("\"event\": \"STOP\"")) {
          execute(open, "query-status");
        } else if (line.contains("\"running\": false")) {
          Matcher status = STATUS.matcher(line);
          String word = status.find() ? status.group(1) : "unknown";
          if (!word.equals("shutdown")) { // On its way out.
            stopped = word;
            qemu.destroy();
          }
        }
      }
    } catch (IOException e) {
      // QEMU is gone: its end says more.
    } finally {
      ready.countDown();
    }
  }

  private @Nullable SocketChannel connect() throws IOException {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
    while (qemu.isAlive()) {
      SocketChannel open = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        open.connect(address);
        return open;
      } catch (IOException e) {
        open.close(); // QEMU hasn't come so far.
      }
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        return null;
      }
    }
    return null;
  }

  private static void execute(SocketChannel channel, String command) throws IOException {
    String line = "{\"execute\":\"" + command + "\"}\n";
    channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
  }
}
