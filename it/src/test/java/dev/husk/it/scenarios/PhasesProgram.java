package dev.husk.it.scenarios;

import com.sun.net.httpserver.HttpServer;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A web server beside a thread that fills off-heap memory with blocks of one size, frees them, and
 * goes on with another size: together they would be many times what a small container has.
 */
final class PhasesProgram {
  private static final int[] SIZES = {1_000, 5_000, 40_000, 200_000, 700_000, 3_000_000};
  private static final int PAGE = 4096;

  private PhasesProgram() {}

  public static void main(String[] args) throws Exception {
    int megabytes = Integer.parseInt(args[1]);
    AtomicInteger phases = new AtomicInteger();
    Thread filler =
        new Thread(
            () -> {
              for (int i = 0; ; i++) {
                phase(SIZES[i % SIZES.length], (long) megabytes << 20);
                phases.incrementAndGet();
              }
            });
    filler.setDaemon(true);
    filler.start();
    HttpServer server =
        HttpServer.create(new InetSocketAddress("0.0.0.0", Integer.parseInt(args[0])), 0);
    server.createContext(
        "/",
        exchange -> {
          // All sizes have been there when the first reply comes.
          boolean ready = phases.get() > SIZES.length;
          byte[] body = (ready ? "ready" : "not yet").getBytes(StandardCharsets.US_ASCII);
          exchange.sendResponseHeaders(ready ? 200 : 503, body.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    server.start();
  }

  @SuppressWarnings("removal")
  private static void phase(int size, long bytes) {
    List<ByteBuffer> buffers = new ArrayList<>();
    for (long sum = 0; sum < bytes; sum += size) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(size);
      for (int at = 0; at < size; at += PAGE) {
        buffer.put(at, (byte) 1);
      }
      buffers.add(buffer);
    }
    buffers.forEach(MemoryHelp.UNSAFE::invokeCleaner);
  }
}
