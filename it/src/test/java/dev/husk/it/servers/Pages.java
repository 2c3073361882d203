package dev.husk.it.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What each of the HTTP servers serves: blocking code that looks at its thread. */
final class Pages {
  private static final ThreadLocal<Integer> VISITS = ThreadLocal.withInitial(() -> 0);

  private Pages() {}

  /** Answers one request; a breakpoint is set here by its name. */
  static void serve(String path, InputStream in, OutputStream out)
      throws IOException, InterruptedException {
    VISITS.set(VISITS.get() + 1);
    switch (path) {
      case "/hello" -> out.write("hello".getBytes(StandardCharsets.UTF_8));
      case "/slow" -> {
        Thread.sleep(20);
        out.write("slow".getBytes(StandardCharsets.UTF_8));
      }
      case "/echo" -> out.write(in.readAllBytes());
      case "/large" -> {
        byte[] chunk = new byte[64 << 10];
        Arrays.fill(chunk, (byte) 'x');
        for (int i = 0; i < 32; i++) {
          out.write(chunk);
        }
      }
      case "/thread" -> out.write(thread().getBytes(StandardCharsets.UTF_8));
      case "/monitor" -> {
        synchronized (Pages.class) {
          Thread.sleep(1);
        }
        out.write("monitor".getBytes(StandardCharsets.UTF_8));
      }
      default -> out.write(("no page " + path).getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String thread() {
    Thread thread = Thread.currentThread();
    return thread.getName().replaceAll("\\d+", "n")
        + " "
        + thread.getClass().getName()
        + " "
        + thread.isDaemon()
        + " "
        + thread.isVirtual()
        + " "
        + thread.getPriority()
        + " "
        + (thread.getThreadGroup() == null ? "" : thread.getThreadGroup().getName())
        + " "
        + (VISITS.get() > 0);
  }
}
