import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Starts a guest by a command, waits for a line of its app on the console, asks it once by
 * HTTP, and ends it. Prints the seconds from the start to the line and to the reply, and the
 * seconds of a processor that the command took.
 */
public final class Boot {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private Boot() {}

  /** Arguments: the host's port, words of the line, and the command. */
  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    long begin = System.nanoTime();
    Process guest =
        new ProcessBuilder(List.of(args).subList(2, args.length)).redirectErrorStream(true).start();
    try {
      CountDownLatch listening = new CountDownLatch(1);
      Thread console = new Thread(() -> read(guest, args[1], listening));
      console.setDaemon(true);
      console.start();
      if (!listening.await(LIMIT.toSeconds(), TimeUnit.SECONDS) || !guest.isAlive()) {
        System.out.println("no line from the app");
        System.exit(1);
      }
      double line = seconds(begin);
      String reply = ask(port, begin);
      double replied = seconds(begin);
      double cpu =
          guest.toHandle().descendants().map(ProcessHandle::info).mapToDouble(Boot::cpu).sum()
              + cpu(guest.info());
      System.out.println(
          String.format(Locale.ROOT, "%.2f %.2f %.2f %s", line, replied, cpu, reply));
    } finally {
      guest.descendants().forEach(ProcessHandle::destroyForcibly);
      guest.destroyForcibly().waitFor();
    }
  }

  private static double seconds(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  private static double cpu(ProcessHandle.Info info) {
    return info.totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
  }

  private static void read(Process guest, String words, CountDownLatch listening) {
    try (var in = guest.inputReader(StandardCharsets.ISO_8859_1)) {
      for (String line; (line = in.readLine()) != null; ) {
        if (line.contains(words)) {
          listening.countDown();
        }
      }
    } catch (IOException e) {
      // It has ended.
    }
    listening.countDown();
  }

  private static String ask(int port, long begin) throws InterruptedException {
    while (System.nanoTime() - begin < LIMIT.toNanos()) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout(20_000);
        socket
            .getOutputStream()
            .write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        String reply =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        if (reply.startsWith("HTTP/1.1 200")) {
          return "answered";
        }
      } catch (IOException e) {
        // Not yet.
      }
      Thread.sleep(20);
    }
    return "no answer";
  }
}
