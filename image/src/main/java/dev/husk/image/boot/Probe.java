package dev.husk.image.boot;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks a forwarded port, one connection after the other, until the guest replies. That a connection
 * is accepted proves nothing: QEMU's user network accepts for the guest, closes when the guest
 * refuses, and keeps it open while the guest has no network yet.
 */
final class Probe {
  private static final byte[] REQUEST =
      "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** Between two connections. */
  private static final int PAUSE_MILLIS = 100;

  /** How long a connection waits for a byte. */
  private static final int LONGEST_MILLIS = 10_000;

  /** The least that it waits. */
  private static final int LEAST_MILLIS = 250;

  /**
   * Before the guest has refused a connection it waits for a tenth of the time so far: one from
   * before the guest had a network is late, since QEMU repeats its part after seconds.
   */
  private static final int PART = 10;

  private final Forward forward;
  private final int longestMillis;

  Probe(Forward forward) {
    this(forward, LONGEST_MILLIS);
  }

  Probe(Forward forward, int longestMillis) {
    this.forward = forward;
    this.longestMillis = longestMillis;
  }

  /**
   * What was found, as {@link System#nanoTime()} has it.
   *
   * @param up when the connection was made that was served
   * @param reply when its first byte came; null where none did in the time
   */
  record Answer(long up, @Nullable Long reply) {}

  /**
   * Asks as long as it makes sense.
   *
   * @param goOn asked before each connection
   * @return null where the guest never answered
   */
  @Nullable Answer ask(BooleanSupplier goOn) throws InterruptedException {
    long first = System.nanoTime();
    boolean refused = false;
    while (goOn.getAsBoolean()) {
      long begin = System.nanoTime();
      long sofar = TimeUnit.NANOSECONDS.toMillis(begin - first);
      int wait =
          refused
              ? longestMillis
              : (int) Math.min(Math.max(LEAST_MILLIS, sofar / PART), longestMillis);
      switch (once(wait)) {
        case BYTE -> {
          return new Answer(begin, System.nanoTime());
        }
        case SILENCE -> {
          if (wait >= longestMillis) {
            return new Answer(begin, null);
          }
        }
        // It was the guest that refused: its network is there, the next open connection is real.
        case CLOSED -> refused = true;
        case UNREACHABLE -> {}
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    return null;
  }

  private enum Outcome {
    BYTE,
    SILENCE,
    CLOSED,
    UNREACHABLE
  }

  private Outcome once(int waitMillis) {
    String host = forward.address().equals("0.0.0.0") ? "127.0.0.1" : forward.address();
    try (Socket socket = new Socket()) {
      try {
        socket.connect(new InetSocketAddress(host, forward.host()), waitMillis);
      } catch (IOException e) {
        return Outcome.UNREACHABLE;
      }
      socket.setSoTimeout(waitMillis);
      socket.getOutputStream().write(REQUEST);
      return socket.getInputStream().read() < 0 ? Outcome.CLOSED : Outcome.BYTE;
    } catch (SocketTimeoutException e) {
      return Outcome.SILENCE;
    } catch (IOException e) {
      return Outcome.CLOSED;
    }
  }
}
