package dev.husk.ab.host;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An app in processes of this machine. It lives as long as the first of them. */
final class ProcessApp implements App {
  private static final long END_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int FIRST_SIGNAL = 128;

  private final Process process;
  private final ProcessTree tree;
  private final Path directory;
  private final long startedNanos;
  private final long outOfMemoryKills;
  private final Ports ports = new Ports();
  private volatile boolean closing;

  private ProcessApp(Process process, ProcessTree tree, Path directory, long startedNanos) {
    this.process = process;
    this.tree = tree;
    this.directory = directory;
    this.startedNanos = startedNanos;
    this.outOfMemoryKills = outOfMemoryKills();
  }

  /**
   * Starts a command.
   *
   * @param environment what it gets, on top of what it inherits
   * @param directory for its logs
   * @param mark what tells its processes from others, a variable of their environment
   */
  static ProcessApp start(
      List<String> words,
      Map<String, String> environment,
      Path directory,
      Map.Entry<String, String> mark)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(Logs.APP).toFile());
    builder.environment().keySet().removeAll(Programs.NOT_INHERITED);
    builder.environment().putAll(environment);
    builder.environment().put(mark.getKey(), mark.getValue());
    long startedNanos = System.nanoTime();
    Process process = builder.start();
    process.getOutputStream().close(); // It reads an end, not our terminal.
    ProcessTree tree = ProcessTree.marked(process.pid(), mark.getKey() + "=" + mark.getValue());
    return new ProcessApp(process, tree, directory, startedNanos);
  }

  /** Waits for the end of the first process, and returns whether it came in time. */
  boolean await(Duration limit) throws InterruptedException {
    return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Of the first process, which has ended. */
  int exitStatus() {
    return process.exitValue();
  }

  @Override
  public long startedNanos() {
    return startedNanos;
  }

  @Override
  public List<Long> pids() {
    return tree.recent();
  }

  @Override
  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public String ending() {
    if (process.isAlive()) {
      return "still running" + Logs.tail(log());
    }
    int status = process.exitValue();
    StringBuilder text = new StringBuilder(Endings.describe(status));
    if (status == FIRST_SIGNAL + Endings.KILL && !closing) {
      text.append(
          outOfMemoryKills() > outOfMemoryKills
              ? ", probably by the kernel: the machine was out of memory"
              : ", by somebody else");
    }
    return text + Logs.tail(log());
  }

  @Override
  public @Nullable InetSocketAddress address(int port) throws IOException {
    return isAlive() ? ports.find(port, pids()) : null;
  }

  @Override
  public Path log() {
    return directory.resolve(Logs.APP);
  }

  @Override
  public Path gcLog() {
    return Logs.gc(directory);
  }

  @Override
  public long loopbackBytes() {
    return Logs.loopbackBytes(process.pid());
  }

  @Override
  public void close() {
    closing = true;
    boolean interrupted = false;
    tree.terminate();
    long end = System.nanoTime() + END_NANOS;
    try {
      while (!tree.now().isEmpty() && System.nanoTime() - end < 0) {
        process.waitFor(20, TimeUnit.MILLISECONDS);
        Thread.sleep(10);
      }
    } catch (InterruptedException e) {
      interrupted = true; // No more patience, then.
    }
    try {
      tree.kill();
      process.waitFor(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** How often the kernel has killed something on this machine for want of memory. */
  private static long outOfMemoryKills() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/vmstat"))) {
        if (line.startsWith("oom_kill ")) {
          return Long.parseLong(line.substring("oom_kill ".length()));
        }
      }
    } catch (IOException e) {
      // Not told then.
    }
    return 0;
  }
}
