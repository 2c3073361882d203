package dev.husk.ab.measure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts context switches. The kernel tells them by thread and forgets a thread that ends, so what
 * was last seen of each is kept; what happened after that is lost, and so are threads that live
 * between two looks.
 */
final class Switches {
  private Map<Long, Count> living = new HashMap<>();
  private Count ended = Count.NONE;

  /**
   * Switches of one or more threads.
   *
   * @param voluntary how often they blocked
   * @param involuntary how often they were preempted
   */
  record Count(long voluntary, long involuntary) {
    static final Count NONE = new Count(0, 0);

    Count plus(Count other) {
      return new Count(voluntary + other.voluntary, involuntary + other.involuntary);
    }

    Count minus(Count other) {
      return new Count(voluntary - other.voluntary, involuntary - other.involuntary);
    }
  }

  /** Looks at the threads of some processes. */
  void look(List<Long> pids) {
    Map<Long, Count> seen = new HashMap<>();
    for (long pid : pids) {
      ThreadSwitches.of(pid)
          .forEach(
              (thread, switches) ->
                  seen.put(thread, new Count(switches.voluntary(), switches.involuntary())));
    }
    saw(seen);
  }

  /** Takes in what was seen, by the thread's number. */
  void saw(Map<Long, Count> seen) {
    living.forEach(
        (thread, last) -> {
          Count now = seen.get(thread);
          // A number that counts from anew is another thread's by now.
          if (now == null || now.voluntary < last.voluntary || now.involuntary < last.involuntary) {
            ended = ended.plus(last);
          }
        });
    living = seen;
  }

  /** All that was seen. */
  Count total() {
    Count sum = ended;
    for (Count count : living.values()) {
      sum = sum.plus(count);
    }
    return sum;
  }
}
