package dev.husk.bench.measure;

import dev.husk.ab.host.ProcessStat;
import dev.husk.ab.measure.ThreadSwitches;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.Map;

/**
 * What a process has used, by the kernel's account. Not ab's {@code Sampler}: that looks at threads
 * and mappings each second of a load, which would be in p99.9 where the processors are all busy.
 *
 * @param cpuSeconds user and system time of all its threads, those that have ended included; the
 *     kernel tells it in steps of 10 ms, so measure over seconds
 * @param threads its living threads, by their numbers
 */
public record ProcessUsage(double cpuSeconds, Map<Long, ThreadSwitches> threads) {
  /**
   * Up to now.
   *
   * @throws NoSuchFileException when there is no such process any more
   */
  public static ProcessUsage of(long pid) throws IOException {
    double ticks = ProcessStat.of(pid).cpuTicks();
    return new ProcessUsage(ticks / ProcessStat.TICKS_PER_SECOND, ThreadSwitches.of(pid));
  }

  /** The same with the threads of an earlier look that have ended since, as they were then. */
  public ProcessUsage with(ProcessUsage earlier) {
    Map<Long, ThreadSwitches> all = new HashMap<>(earlier.threads);
    all.putAll(threads);
    return new ProcessUsage(cpuSeconds, all);
  }

  /** Since {@code before}; a thread that has ended since is not in it. */
  public ProcessUsage since(ProcessUsage before) {
    Map<Long, ThreadSwitches> since = new HashMap<>();
    ThreadSwitches none = new ThreadSwitches("", 0, 0);
    threads.forEach(
        (number, now) -> {
          ThreadSwitches then = before.threads.getOrDefault(number, none);
          since.put(
              number,
              new ThreadSwitches(
                  now.name(),
                  now.voluntary() - then.voluntary(),
                  now.involuntary() - then.involuntary()));
        });
    return new ProcessUsage(cpuSeconds - before.cpuSeconds, since);
  }

  /** All context switches. */
  public long switches() {
    return threads.values().stream().mapToLong(t -> t.voluntary() + t.involuntary()).sum();
  }
}
