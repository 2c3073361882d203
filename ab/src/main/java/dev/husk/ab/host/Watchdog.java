package dev.husk.ab.host;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A shell that cleans up when this JVM is gone, however it went: killed with SIGKILL, it can run no
 * hook. The shell waits on a pipe whose other end only this JVM holds.
 */
final class Watchdog implements AutoCloseable {
  private static final String WAIT =
      "trap '' INT TERM HUP; read -r line; [ \"$line\" = end ] && exit; ";

  private final Process shell;

  private Watchdog(Process shell) {
    this.shell = shell;
  }

  /** Kills the processes with a mark in their environment that starts with a text. */
  static Watchdog forProcesses(String mark) throws IOException {
    // Three times: a process that is being killed may just have made another.
    return start(
        "for i in 1 2 3; do"
            + " for file in $(grep -lsaF -e \"$1\" /proc/[0-9]*/environ); do"
            + " pid=${file#/proc/}; kill -KILL \"${pid%/environ}\"; done; sleep 0.2; done",
        mark);
  }

  /**
   * Starts one.
   *
   * @param script what to do, for {@code sh}
   * @param arguments its {@code $1} and so on
   */
  static Watchdog start(String script, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    // A session of its own, so that Ctrl-C doesn't reach it.
    command.addAll(List.of("setsid", "sh", "-c", WAIT + script, "husk-ab-watchdog"));
    command.addAll(List.of(arguments));
    return new Watchdog(
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  /** Ends it with nothing done. */
  @Override
  public void close() {
    try (Writer in = shell.outputWriter()) {
      in.write("end\n");
    } catch (IOException e) {
      // It has ended.
    }
    try {
      if (!shell.waitFor(5, TimeUnit.SECONDS)) {
        shell.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
