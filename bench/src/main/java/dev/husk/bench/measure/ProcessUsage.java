package dev.husk.bench.measure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What a process has used up to now, by the kernel's account.
 *
 * @param cpuMicros user and system time of all its threads, those that have ended included, in µs
 *     (the kernel tells it in steps of 10 ms, so measure over seconds)
 * @param tasks its living threads, by thread id
 */
public record ProcessUsage(long cpuMicros, Map<Integer, TaskSwitches> tasks) {
  /** USER_HZ, which Linux keeps at 100 towards user space on every architecture that runs a JDK. */
  private static final long MICROS_PER_TICK = 10_000;

  /**
   * The context switches of one thread.
   *
   * @param name the thread's name, at most 15 characters
   * @param voluntary how often it has blocked
   * @param involuntary how often it was preempted
   */
  public record TaskSwitches(String name, long voluntary, long involuntary) {
    /** All switches. */
    public long sum() {
      return voluntary + involuntary;
    }
  }

  /**
   * Reads {@code /proc/<pid>}.
   *
   * @throws NoSuchFileException when there is no such process any more
   */
  public static ProcessUsage of(long pid) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    long cpu = parseCpuMicros(Files.readString(process.resolve("stat")));
    Map<Integer, TaskSwitches> tasks = new HashMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(process.resolve("task"))) {
      for (Path entry : entries) {
        try {
          tasks.put(
              Integer.parseInt(entry.getFileName().toString()),
              parseSwitches(Files.readString(entry.resolve("status"))));
        } catch (IOException e) {
          // The thread ended between the listing and the reading.
        }
      }
    }
    return new ProcessUsage(cpu, tasks);
  }

  /** All context switches since {@code before}; a thread that has ended since is not in it. */
  public long switchesSince(ProcessUsage before) {
    long sum = 0;
    for (TaskSwitches task : since(before).values()) {
      sum += task.sum();
    }
    return sum;
  }

  /** The switches since {@code before}, by thread. */
  public Map<Integer, TaskSwitches> since(ProcessUsage before) {
    Map<Integer, TaskSwitches> result = new HashMap<>();
    TaskSwitches none = new TaskSwitches("", 0, 0);
    tasks.forEach(
        (id, now) -> {
          TaskSwitches then = before.tasks.getOrDefault(id, none);
          result.put(
              id,
              new TaskSwitches(
                  now.name, now.voluntary - then.voluntary, now.involuntary - then.involuntary));
        });
    return result;
  }

  /** User plus system time from the text of {@code /proc/<pid>/stat}. */
  static long parseCpuMicros(String stat) {
    // The second field is the program's name in parentheses and may itself hold blanks and
    // parentheses: the fields are counted from the last one. utime and stime are fields 14 and 15.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MICROS_PER_TICK;
  }

  /** Name and switches from the text of {@code /proc/<pid>/task/<tid>/status}. */
  static TaskSwitches parseSwitches(String status) {
    String name = "";
    long voluntary = 0;
    long involuntary = 0;
    for (String line : status.split("\n")) {
      int colon = line.indexOf(':');
      if (colon < 0) {
        continue;
      }
      String value = line.substring(colon + 1).strip();
      switch (line.substring(0, colon)) {
        case "Name" -> name = value;
        case "voluntary_ctxt_switches" -> voluntary = Long.parseLong(value);
        case "nonvoluntary_ctxt_switches" -> involuntary = Long.parseLong(value);
        default -> {}
      }
    }
    return new TaskSwitches(name, voluntary, involuntary);
  }
}
