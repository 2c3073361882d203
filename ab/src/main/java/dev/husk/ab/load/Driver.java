package dev.husk.ab.load;

import dev.husk.ab.host.Programs;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The driver process, as its parent sees it. It is started with the first job and stays, so that it
 * is warm; it is started anew when it was lost. Its parent's end is its own.
 */
final class Driver implements AutoCloseable {
  /** A rehearsal after which its compiled code doesn't change much any more, ms. */
  static final long REHEARSAL = 2000;

  private static final long START_LIMIT = TimeUnit.SECONDS.toNanos(60);
  private static final long GRACE = TimeUnit.SECONDS.toNanos(30);

  /** The end of the driver's output. */
  private static final String END = "";

  private final DriverOptions options;
  private final List<Path> jars;
  private final long rehearsal;
  private @Nullable Process process;
  private @Nullable Tail errors;
  private LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private boolean closed;

  /**
   * Makes one that isn't started yet.
   *
   * @param jars more of its class path
   * @param rehearsal how long it rehearses, ms
   */
  Driver(DriverOptions options, List<Path> jars, long rehearsal) {
    this.options = options;
    this.jars = jars;
    this.rehearsal = rehearsal;
  }

  /**
   * Runs a job and waits for its end.
   *
   * @throws IOException when the driver can't be started, fails, or takes much longer than it may
   */
  LoadReport run(Job job) throws IOException, InterruptedException {
    boolean done = false;
    try {
      Process driver = started();
      OutputStream in = driver.getOutputStream();
      in.write((Wire.encode(job) + "\n").getBytes(StandardCharsets.US_ASCII));
      in.flush();
      Plan plan = job.plan();
      String line = line(plan.nanos() + 3 * plan.timeoutNanos() + GRACE, "finish its run");
      if (line.startsWith(Wire.FAILED)) {
        throw new IOException("the load driver failed: " + line.substring(Wire.FAILED.length()));
      }
      LoadReport report = Wire.decode(line.substring(Wire.DONE.length()), Outcome.class).report();
      done = true;
      return report;
    } finally {
      if (!done) {
        // It may be in the middle of a run, which nobody waits for now.
        end();
      }
    }
  }

  /** Its process, null when there is none. */
  synchronized @Nullable Process process() {
    return process;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    end();
  }

  private void end() {
    Process driver;
    synchronized (this) {
      driver = process;
      process = null;
    }
    if (driver != null) {
      Children.end(driver);
    }
  }

  private Process started() throws IOException, InterruptedException {
    Process driver = process();
    if (driver != null && driver.isAlive()) {
      return driver;
    }
    end();
    driver = start();
    String line = line(START_LIMIT, "start");
    if (!line.equals(Wire.READY)) {
      throw new IOException("the load driver said '" + line + "' instead of '" + Wire.READY + "'");
    }
    return driver;
  }

  private synchronized Process start() throws IOException {
    if (closed) {
      throw new IOException("the load was closed");
    }
    ProcessBuilder builder = new ProcessBuilder(command());
    // What the user adds to the app's JVM, such as an agent, isn't for the driver.
    builder.environment().keySet().removeAll(Programs.NOT_INHERITED);
    Process driver = builder.start();
    Children.add(driver);
    process = driver;
    lines = new LinkedBlockingQueue<>();
    errors = new Tail(driver.getErrorStream(), 4000);
    LinkedBlockingQueue<String> queue = lines;
    Thread.ofPlatform().daemon().name("driver-output").start(() -> read(driver, queue));
    return driver;
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.addAll(pinned(options.cpus()));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // It makes next to no garbage, and a collector's threads would take the app's processors.
    command.addAll(List.of("-XX:+UseSerialGC", "-Xms64m", "-Xmx512m", "-XX:-UsePerfData"));
    command.add("-cp");
    StringBuilder classPath = new StringBuilder(System.getProperty("java.class.path"));
    jars.forEach(each -> classPath.append(File.pathSeparator).append(each.toAbsolutePath()));
    command.add(classPath.toString());
    command.add(DriverMain.class.getName());
    command.add(Long.toString(rehearsal));
    return command;
  }

  /** The words before a command that keep it on some processors; none where that can't be done. */
  static List<String> pinned(String cpus) {
    Path taskset = cpus.isEmpty() ? null : Programs.find("taskset");
    return taskset == null ? List.of() : List.of(taskset.toString(), "-c", cpus);
  }

  private String line(long nanos, String what) throws IOException, InterruptedException {
    String line = lines.poll(nanos, TimeUnit.NANOSECONDS);
    if (line == null) {
      throw new IOException(
          "the load driver didn't "
              + what
              + " within "
              + TimeUnit.NANOSECONDS.toSeconds(nanos)
              + " s"
              + said());
    }
    if (line.equals(END)) {
      Process driver = process();
      int status = driver != null && driver.waitFor(5, TimeUnit.SECONDS) ? driver.exitValue() : -1;
      throw new IOException("the load driver ended with status " + status + said());
    }
    return line;
  }

  private String said() throws InterruptedException {
    String text = errors == null ? "" : errors.await().strip();
    return text.isEmpty() ? "" : "; it wrote:\n" + text;
  }

  private static void read(Process driver, LinkedBlockingQueue<String> queue) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(driver.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = reader.readLine()) != null) {
        if (line.startsWith(Wire.PREFIX)) {
          queue.add(line);
        }
      }
    } catch (IOException e) {
      // It was killed.
    }
    queue.add(END);
  }
}
