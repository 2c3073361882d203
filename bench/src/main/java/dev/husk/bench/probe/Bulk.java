package dev.husk.bench.probe;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Sends 1 GB at a time over loopback connections within this JVM, in writes of 64 KB. Prints {@code
 * GB/s}, and beside it {@code copy}: what one thread copies from one array to another meanwhile.
 */
public final class Bulk {
  private static final int BLOCK = 64 << 10;
  private static final long TOTAL = 1L << 30;
  private static final double GIGA = 1e9;

  private Bulk() {}

  /** Arguments: {@code seconds}, {@code warmUp}, {@code threads}. */
  public static void main(String[] args) throws Exception {
    ProbeArgs probe = ProbeArgs.parse(args);
    try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      run(probe, listener, probe.warmUpNanos());
      Metrics.print("GB/s", run(probe, listener, probe.measureNanos()));
    }
    Metrics.print("copy", copy(probe.measureNanos() / 4));
  }

  private static double run(ProbeArgs probe, ServerSocket listener, long nanos) throws Exception {
    long start = System.nanoTime();
    long bytes = 0;
    while (System.nanoTime() - start < nanos) {
      Thread reader = probe.threads().newThread(() -> read(listener));
      Thread writer = probe.threads().newThread(() -> write(listener.getLocalPort()));
      reader.start();
      writer.start();
      reader.join();
      writer.join();
      bytes += TOTAL;
    }
    return bytes / GIGA / ((System.nanoTime() - start) / GIGA);
  }

  private static void read(ServerSocket listener) {
    try (Socket socket = listener.accept()) {
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[BLOCK];
      long bytes = 0;
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        bytes += n;
      }
      if (bytes != TOTAL) {
        throw new IOException(bytes + " bytes have come");
      }
    } catch (IOException e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void write(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = socket.getOutputStream();
      byte[] buffer = new byte[BLOCK];
      for (long bytes = 0; bytes < TOTAL; bytes += BLOCK) {
        out.write(buffer);
      }
    } catch (IOException e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static double copy(long nanos) {
    byte[] from = new byte[BLOCK];
    byte[] to = new byte[BLOCK];
    long bytes = 0;
    long start = System.nanoTime();
    long now = start;
    while (now - start < nanos) {
      for (int i = 0; i < 64; i++) {
        System.arraycopy(from, 0, to, 0, BLOCK);
      }
      bytes += 64 * BLOCK;
      now = System.nanoTime();
    }
    return bytes / GIGA / ((now - start) / GIGA);
  }
}
