package dev.husk.ab.load;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;

/** The driver process: runs one job a line until its parent is gone. */
final class DriverMain {
  private DriverMain() {}

  /** Its only argument is how long it rehearses, ms. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    // Whatever else prints, such as a JDBC driver, must not get between the lines.
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    wakeInTime();
    LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread.ofPlatform().daemon().name("parent").start(() -> read(lines));
    Rehearsal.run(Long.parseLong(arguments[0]));
    out.println(Wire.READY);
    while (true) {
      String line = lines.take();
      try {
        out.println(Wire.DONE + Wire.encode(run(Wire.decode(line, Job.class))));
      } catch (IOException | RuntimeException e) {
        out.println(Wire.FAILED + String.valueOf(e).replaceAll("\\R", " "));
      }
    }
  }

  static Outcome run(Job job) throws IOException, InterruptedException {
    return switch (job) {
      case Job.Http http -> SocketEngine.run(http.plan(), () -> new HttpExchange(http));
      case Job.Echo echo -> SocketEngine.run(echo.plan(), () -> new EchoExchange(echo.bytes()));
      case Job.Jdbc jdbc -> JdbcEngine.run(jdbc);
    };
  }

  private static void read(LinkedBlockingQueue<String> lines) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      String line;
      while ((line = in.readLine()) != null) {
        lines.add(line);
      }
    } catch (IOException e) {
      // As good as the end.
    }
    // The parent is gone, and with it whoever wants to know how the run goes on.
    Runtime.getRuntime().halt(0);
  }

  /**
   * Lets this thread, and those it starts, sleep as long as they ask for: Linux adds 50 µs to each
   * sleep otherwise.
   */
  private static void wakeInTime() {
    try {
      Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName();
      Files.writeString(Path.of("/proc").resolve(thread).resolve("timerslack_ns"), "1");
    } catch (IOException | UnsupportedOperationException e) {
      // Requests are sent a little later then; the lateness is measured.
    }
  }
}
