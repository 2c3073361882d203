package dev.husk.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A child JVM whose output is collected line by line. */
final class Child implements AutoCloseable {
  private final Process process;
  private final List<String> out = Collections.synchronizedList(new ArrayList<>());
  private final List<String> err = Collections.synchronizedList(new ArrayList<>());
  private final List<Thread> readers = new ArrayList<>();

  private Child(Process process, Consumer<String> onLine) {
    this.process = process;
    read(process.getInputStream(), out, onLine);
    read(process.getErrorStream(), err, line -> {});
  }

  /** Starts a class of the test class path. */
  static Child start(Side side, List<String> jvmArguments, String mainClass, String... arguments) {
    return start(side, jvmArguments, line -> {}, mainClass, arguments);
  }

  /** The same, with a listener that is called with each line of stdout as it comes. */
  static Child start(
      Side side,
      List<String> jvmArguments,
      Consumer<String> onLine,
      String mainClass,
      String... arguments) {
    List<String> all = new ArrayList<>(jvmArguments);
    all.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    all.addAll(List.of(arguments));
    return start(side, all, onLine);
  }

  /** Starts a JVM whose whole command line, but for the agent, is given. */
  static Child startPlain(Side side, List<String> arguments) {
    return start(side, arguments, line -> {});
  }

  private static Child start(Side side, List<String> arguments, Consumer<String> onLine) {
    List<String> command = new ArrayList<>();
    command.add(side.java().toString());
    command.addAll(side.arguments());
    command.addAll(arguments);
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().remove("JAVA_TOOL_OPTIONS");
      return new Child(builder.start(), onLine);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(InputStream stream, List<String> lines, Consumer<String> onLine) {
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader in =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                  lines.add(line);
                  onLine.accept(line);
                }
              } catch (IOException e) {
                // The child was killed.
              }
            });
    reader.setDaemon(true);
    reader.start();
    readers.add(reader);
  }

  Process process() {
    return process;
  }

  /** What it printed until now. */
  List<String> out() {
    synchronized (out) {
      return List.copyOf(out);
    }
  }

  List<String> err() {
    synchronized (err) {
      return List.copyOf(err);
    }
  }

  /** Waits for the end of the process and of its output; false when it still runs. */
  boolean ends(long millis) throws InterruptedException {
    if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
      return false;
    }
    for (Thread reader : readers) {
      // A grandchild may hold the pipes for longer.
      reader.join(2_000);
    }
    return true;
  }

  /** Waits for the first line of stdout that starts so; null when it doesn't come. */
  String line(String prefix, long millis) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (true) {
      for (String line : out()) {
        if (line.startsWith(prefix)) {
          return line;
        }
      }
      if (System.nanoTime() > deadline || (!process.isAlive() && ends(1_000) && !has(prefix))) {
        return null;
      }
      Thread.sleep(5);
    }
  }

  private boolean has(String prefix) {
    return out().stream().anyMatch(line -> line.startsWith(prefix));
  }

  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /** The threads of the child as {@code jcmd} shows them: platform threads, then all. */
  String threadDump() {
    StringBuilder text = new StringBuilder();
    text.append(jcmd("Thread.print", "-l"));
    try {
      Path file = Files.createTempFile("husk-threads", ".txt");
      text.append(jcmd("Thread.dump_to_file", "-overwrite", file.toString()));
      text.append(Files.readString(file));
      Files.delete(file);
    } catch (IOException e) {
      text.append(e).append('\n');
    }
    return text.toString();
  }

  /** Runs a diagnostic command in the child. */
  String jcmd(String... command) {
    List<String> line = new ArrayList<>();
    line.add(Side.STOCK.java().resolveSibling("jcmd").toString());
    line.add(Long.toString(process.pid()));
    line.addAll(List.of(command));
    try {
      Path file = Files.createTempFile("husk-jcmd", ".txt");
      Process jcmd =
          new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(file.toFile()).start();
      if (!jcmd.waitFor(10, TimeUnit.SECONDS)) {
        jcmd.destroyForcibly();
      }
      String text = Files.readString(file, StandardCharsets.UTF_8);
      Files.delete(file);
      return text;
    } catch (IOException e) {
      return e + "\n";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e + "\n";
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
