package dev.husk.ab.measure;

import dev.husk.ab.host.ProcessStat;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Adds up the CPU time of processes, those that have ended included. */
final class CpuTime {
  private Map<Long, ProcessStat> running = new HashMap<>();
  private long endedTicks;

  /** Looks at processes that run. */
  void look(List<Long> pids) {
    Map<Long, ProcessStat> seen = new HashMap<>();
    for (long pid : pids) {
      try {
        seen.put(pid, ProcessStat.of(pid));
      } catch (IOException e) {
        // It has ended since the list was made.
      }
    }
    saw(seen);
  }

  /** Takes in what was seen. */
  void saw(Map<Long, ProcessStat> seen) {
    for (ProcessStat last : running.values()) {
      ProcessStat now = seen.get(last.pid());
      boolean ended = now == null || now.startTicks() != last.startTicks();
      // A parent that lives gets the time of a child that ended added to its own account.
      if (ended && !seen.containsKey(last.parent())) {
        endedTicks += last.cpuTicks() + last.childTicks();
      }
    }
    running = seen;
  }

  /** User and system time of all. */
  double seconds() {
    long sum = endedTicks;
    for (ProcessStat stat : running.values()) {
      sum += stat.cpuTicks() + stat.childTicks();
    }
    return sum / ProcessStat.TICKS_PER_SECOND;
  }
}
