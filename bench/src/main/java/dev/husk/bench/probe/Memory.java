package dev.husk.bench.probe;

import java.util.concurrent.CountDownLatch;
import org.HdrHistogram.Histogram;

/**
 * Allocates off-heap memory and frees it at once, in one thread or several at the same time. Prints
 * ns a pair and thread; percentiles are over the means of batches.
 */
public final class Memory {
  private static final int BATCH = 2_000;

  @SuppressWarnings("unused") // Written, so that what is written has to be computed.
  private static volatile long sink;

  private Memory() {}

  /** Arguments: {@code by}, {@code size} (bytes), {@code at} (threads), {@code seconds}. */
  public static void main(String[] args) throws Exception {
    ProbeArgs probe = ProbeArgs.parse(args);
    OffHeapLoop memory = OffHeapLoop.of(probe.text("by", "direct"));
    int bytes = probe.number("size", 256);
    int threads = probe.number("at", 1);
    Histogram[] histograms = new Histogram[threads];
    Thread[] all = new Thread[threads];
    CountDownLatch warm = new CountDownLatch(threads);
    for (int i = 0; i < threads; i++) {
      Histogram histogram = Metrics.histogram();
      histograms[i] = histogram;
      all[i] =
          probe
              .threads()
              .newThread(
                  () -> {
                    run(memory, bytes, probe.warmUpNanos(), null);
                    warm.countDown();
                    try {
                      warm.await();
                    } catch (InterruptedException e) {
                      return;
                    }
                    run(memory, bytes, probe.measureNanos(), histogram);
                  });
      all[i].start();
    }
    Histogram sum = Metrics.histogram();
    for (int i = 0; i < threads; i++) {
      all[i].join();
      sum.add(histograms[i]);
    }
    Metrics.print("ns", sum.getMean() / BATCH);
    Metrics.print(sum, BATCH);
  }

  private static void run(OffHeapLoop memory, int bytes, long nanos, Histogram histogram) {
    long start = System.nanoTime();
    long now = start;
    long result = 0;
    while (now - start < nanos) {
      result += memory.pairs(bytes, BATCH);
      long after = System.nanoTime();
      if (histogram != null) {
        histogram.recordValue(after - now);
      }
      now = after;
    }
    sink = result;
  }
}
