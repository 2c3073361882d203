package dev.husk.ab.measure;

import dev.husk.ab.host.App;
import dev.husk.ab.host.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * System calls that an app made in a stretch of time.
 *
 * @param count how many, -1 when they can't be counted
 * @param seconds how long was counted
 * @param means the program that counted, with what it costs; or why nothing could
 */
public record SystemCalls(long count, double seconds, String means) {
  private static final String EVENT = "raw_syscalls:sys_enter";
  private static final long END_SECONDS = 10;

  /**
   * Counts for a time: with {@code perf}, which takes a few hundred ns of each call, else with
   * {@code strace}, which makes each call many times slower, so measure nothing else meanwhile.
   */
  public static SystemCalls count(App app, Duration time) throws InterruptedException {
    List<Long> pids = app.pids();
    if (pids.isEmpty()) {
      return none("the app's processes can't be seen from here");
    }
    SystemCalls counted = null;
    if (Programs.find("perf") != null) {
      counted = withPerf(pids, time);
    }
    if ((counted == null || counted.count < 0) && Programs.find("strace") != null) {
      SystemCalls traced = withStrace(pids, time);
      counted = traced.count >= 0 || counted == null ? traced : counted;
    }
    return counted == null
        ? none("neither perf nor strace is installed (Debian: apt install linux-perf)")
        : counted;
  }

  private static SystemCalls none(String reason) {
    return new SystemCalls(-1, Double.NaN, reason);
  }

  private static SystemCalls withPerf(List<Long> pids, Duration time) throws InterruptedException {
    String list = pids.stream().map(String::valueOf).collect(Collectors.joining(","));
    return run(
        "perf",
        List.of("perf", "stat", "-x", ",", "-e", EVENT, "-p", list),
        List.of("--", "sleep", Double.toString(time.toMillis() / 1e3)),
        Duration.ZERO);
  }

  private static SystemCalls withStrace(List<Long> pids, Duration time)
      throws InterruptedException {
    List<String> command = new ArrayList<>(List.of("strace", "-f", "-c", "-q"));
    pids.forEach(pid -> command.addAll(List.of("-p", pid.toString())));
    return run("strace", command, List.of(), time);
  }

  /** Runs a counter, which ends by itself or, where a time is given, when it is asked to. */
  private static SystemCalls run(
      String means, List<String> command, List<String> more, Duration time)
      throws InterruptedException {
    Process process = null;
    try {
      List<String> words = new ArrayList<>(command);
      words.addAll(more);
      long start = System.nanoTime();
      // Into a pipe, which is large enough for the table: a file would stay behind after a crash.
      ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
      builder.environment().put("LC_ALL", "C"); // Numbers without the separators of a language.
      process = builder.start();
      if (!time.isZero() && !process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroy(); // It lets go of the app and prints its table.
      }
      process.waitFor();
      double seconds = (System.nanoTime() - start) / 1e9;
      List<String> lines =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .toList();
      OptionalLong count = means.equals("perf") ? parsePerf(lines) : parseStrace(lines);
      return count.isPresent()
          ? new SystemCalls(count.getAsLong(), seconds, means)
          : none(means + ": " + String.join(" ", lines).strip());
    } catch (IOException e) {
      return none(means + ": " + e.getMessage());
    } finally {
      end(process);
    }
  }

  private static void end(@Nullable Process process) throws InterruptedException {
    if (process != null && process.isAlive()) {
      process.destroy();
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }

  /** The count in the output of {@code perf stat -x ,}. */
  static OptionalLong parsePerf(List<String> lines) {
    for (String line : lines) {
      // count, unit, event, and more; the count may be "<not counted>".
      String[] fields = line.split(",");
      if (fields.length > 2 && fields[2].startsWith(EVENT) && fields[0].matches("\\d+")) {
        return OptionalLong.of(Long.parseLong(fields[0]));
      }
    }
    return OptionalLong.empty();
  }

  /** The sum in the output of {@code strace -c}. */
  static OptionalLong parseStrace(List<String> lines) {
    // Columns are flush right, and may be empty: a number is found by where its title ends.
    int end = 0;
    for (String line : lines) {
      if (line.contains(" calls ")) {
        end = line.indexOf(" calls ") + " calls".length();
      } else if (end > 0 && line.endsWith(" total")) {
        String calls = line.substring(0, end);
        return OptionalLong.of(Long.parseLong(calls.substring(calls.lastIndexOf(' ') + 1)));
      }
    }
    return OptionalLong.empty();
  }
}
