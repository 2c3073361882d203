package dev.husk.bench.measure;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process that a benchmark has started. Its standard error goes to a file, of which the end is
 * shown when it fails. Nothing of it outlives this process.
 */
public final class Child implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final int SHOWN_ERROR_LINES = 15;

  private final String name;
  private final Process process;
  private final BufferedReader out;
  private final Path errors;
  private final Thread reaper;

  private Child(String name, Process process, Path errors) {
    this.name = name;
    this.process = process;
    this.out = process.inputReader();
    this.errors = errors;
    this.reaper = new Thread(process::destroyForcibly, "stop " + name);
    Runtime.getRuntime().addShutdownHook(reaper);
  }

  /** Starts a command. */
  public static Child start(String name, List<String> command) throws IOException {
    Path errors = Files.createTempFile("husk-bench", ".err");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    // What the caller's shell adds to every JVM would make "stock" something else.
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    return new Child(name, builder.start(), errors);
  }

  /** The process id. */
  public long pid() {
    return process.pid();
  }

  /**
   * Waits until a server prints {@code ready <port>}.
   *
   * @return the port
   * @throws IOException when it ends before that, or takes longer than a minute
   */
  public int awaitReady() throws IOException, InterruptedException {
    String line =
        within(
            START_LIMIT,
            () -> {
              String next = out.readLine();
              while (next != null && !next.startsWith("ready ")) {
                next = out.readLine();
              }
              return next;
            });
    if (line == null) {
      throw failure("ended before it was ready");
    }
    return Integer.parseInt(line.substring("ready ".length()).strip());
  }

  /**
   * Reads standard output to the end and waits for exit status 0.
   *
   * @throws IOException when the status is another, or at the limit, after which it is killed
   */
  public List<String> awaitEnd(Duration limit) throws IOException, InterruptedException {
    List<String> lines =
        within(
            limit,
            () -> {
              List<String> all = new ArrayList<>();
              String line = out.readLine();
              while (line != null) {
                all.add(line);
                line = out.readLine();
              }
              process.waitFor();
              return all;
            });
    if (process.exitValue() != 0) {
      throw failure("exit status " + process.exitValue());
    }
    return lines;
  }

  /** Throws when the process has ended by itself. */
  public void checkAlive() throws IOException {
    if (!process.isAlive()) {
      throw failure("ended with status " + process.exitValue() + " under load");
    }
  }

  /** The failure of this process, with the end of what it wrote to standard error. */
  IOException failure(String what) throws IOException {
    List<String> lines = Files.readAllLines(errors, java.nio.charset.StandardCharsets.ISO_8859_1);
    int from = Math.max(0, lines.size() - SHOWN_ERROR_LINES);
    String tail = String.join("\n  ", lines.subList(from, lines.size()));
    return new IOException(name + ": " + what + (tail.isEmpty() ? "" : "; it said:\n  " + tail));
  }

  private <T> T within(Duration limit, java.util.concurrent.Callable<T> reading)
      throws IOException, InterruptedException {
    FutureTask<T> task = new FutureTask<>(reading);
    Thread.ofPlatform().daemon().name("read " + name).start(task);
    try {
      return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      process.destroyForcibly();
      throw failure("not done after " + limit.toSeconds() + " s, killed");
    } catch (ExecutionException e) {
      throw new IOException(name, e.getCause());
    }
  }

  /** Ends the process: asks, waits five seconds, kills. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(reaper);
    } catch (IllegalStateException e) {
      // This JVM is on its way out and runs the hook.
    }
    try {
      Files.deleteIfExists(errors);
    } catch (IOException e) {
      // A file in the temporary directory stays behind.
    }
  }
}
