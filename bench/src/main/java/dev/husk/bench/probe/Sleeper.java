package dev.husk.bench.probe;

import java.util.concurrent.ThreadFactory;
import org.HdrHistogram.Histogram;

/**
 * A thread that sleeps 1 ms in a loop beside {@code hogs} threads a core that never block. Prints
 * the percentiles of how late it wakes, in µs, and how often it woke at all.
 */
public final class Sleeper {
  private static final long SLEEP_NANOS = 1_000_000;

  private Sleeper() {}

  /** Arguments: {@code hogs} (default 4), {@code seconds}, {@code warmUp}, {@code threads}. */
  public static void main(String[] args) throws Exception {
    ProbeArgs probe = ProbeArgs.parse(args);
    int hogs = probe.number("hogs", 4) * Runtime.getRuntime().availableProcessors();
    run(probe.threads(), hogs, probe.warmUpNanos());
    Histogram histogram = run(probe.threads(), hogs, probe.measureNanos());
    Metrics.print("wakes", (double) histogram.getTotalCount());
    Metrics.print(histogram, 1000);
    Metrics.print("max", histogram.getMaxValue() / 1000.0);
  }

  private static Histogram run(ThreadFactory factory, int hogs, long nanos)
      throws InterruptedException {
    Histogram histogram = Metrics.histogram();
    // Each thread ends by the clock: where hogs starve all others, nobody is there to stop them.
    long deadline = System.nanoTime() + nanos;
    Thread[] threads = new Thread[hogs + 1];
    threads[hogs] = factory.newThread(() -> sleep(deadline, histogram));
    threads[hogs].start();
    for (int i = 0; i < hogs; i++) {
      threads[i] = factory.newThread(() -> hog(deadline));
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return histogram;
  }

  private static void sleep(long deadline, Histogram histogram) {
    try {
      long now = System.nanoTime();
      while (now - deadline < 0) {
        Thread.sleep(1);
        long woken = System.nanoTime();
        histogram.recordValue(Math.max(0, woken - now - SLEEP_NANOS));
        now = woken;
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void hog(long deadline) {
    while (System.nanoTime() - deadline < 0) {
      Work.consume(Work.run(1000));
    }
  }
}
