package dev.husk.bench.probe;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Connects within this JVM, sends 64 bytes, waits for them to come back, and closes. Prints ns for
 * all of it.
 */
public final class Connect {
  private static final int SIZE = 64;

  private Connect() {}

  /** Arguments: {@code seconds}, {@code warmUp}, {@code threads}. */
  public static void main(String[] args) throws Exception {
    ProbeArgs probe = ProbeArgs.parse(args);
    try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread server = probe.threads().newThread(() -> serve(listener));
      server.start();
      int port = listener.getLocalPort();
      Threads.runIn(
          probe.threads(),
          () -> {
            run(port, probe.warmUpNanos(), null);
            Histogram histogram = Metrics.histogram();
            Metrics.print("ns", run(port, probe.measureNanos(), histogram));
            Metrics.print(histogram, 1);
          });
    }
  }

  private static void serve(ServerSocket listener) {
    byte[] bytes = new byte[SIZE];
    while (true) {
      try (Socket socket = listener.accept()) {
        int n = socket.getInputStream().readNBytes(bytes, 0, SIZE);
        socket.getOutputStream().write(bytes, 0, n);
      } catch (IOException e) {
        return;
      }
    }
  }

  private static double run(int port, long nanos, @Nullable Histogram histogram)
      throws IOException {
    byte[] bytes = new byte[SIZE];
    long start = System.nanoTime();
    long now = start;
    long count = 0;
    while (now - start < nanos) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.getOutputStream().write(bytes);
        if (socket.getInputStream().readNBytes(bytes, 0, SIZE) != SIZE) {
          throw new IOException("the reply is short");
        }
      }
      long after = System.nanoTime();
      if (histogram != null) {
        histogram.recordValue(after - now);
      }
      now = after;
      count++;
    }
    return (double) (now - start) / count;
  }
}
