package dev.husk.ab.measure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How often a thread was switched away from, by the kernel's account.
 *
 * @param name the thread's, at most 15 characters
 * @param voluntary how often it blocked
 * @param involuntary how often it was preempted
 */
public record ThreadSwitches(String name, long voluntary, long involuntary) {
  /** Those of a process's threads since each was started, by the threads' numbers. */
  public static Map<Long, ThreadSwitches> of(long pid) {
    Map<Long, ThreadSwitches> threads = new HashMap<>();
    try (DirectoryStream<Path> tasks =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path task : tasks) {
        try {
          threads.put(
              Long.parseLong(task.getFileName().toString()),
              parse(Files.readAllLines(task.resolve("status"))));
        } catch (IOException e) {
          // The thread ended between the listing and the reading.
        }
      }
    } catch (IOException e) {
      // The process has ended.
    }
    return threads;
  }

  /** Reads the text of {@code /proc/PID/task/TID/status}. */
  static ThreadSwitches parse(List<String> status) {
    String name = "";
    long voluntary = 0;
    long involuntary = 0;
    for (String line : status) {
      String value = line.substring(line.indexOf(':') + 1).strip();
      if (line.startsWith("Name:")) {
        name = value;
      } else if (line.startsWith("voluntary_ctxt_switches:")) {
        voluntary = Long.parseLong(value);
      } else if (line.startsWith("nonvoluntary_ctxt_switches:")) {
        involuntary = Long.parseLong(value);
      }
    }
    return new ThreadSwitches(name, voluntary, involuntary);
  }
}
