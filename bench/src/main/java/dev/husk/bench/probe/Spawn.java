package dev.husk.bench.probe;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Starts threads that do nothing and waits for their end: one by one with {@code start} and {@code
 * join}, or {@code batch} at a time with a latch. Prints ns a thread; percentiles are over single
 * threads, or over the means of the batches.
 */
public final class Spawn {
  private final ThreadFactory threads;
  private final int batch;

  /** Batches of 1 are joined. */
  public Spawn(ThreadFactory threads, int batch) {
    this.threads = threads;
    this.batch = batch;
  }

  /** Arguments: {@code batch}, {@code seconds}, {@code warmUp}, {@code threads}. */
  public static void main(String[] args) throws Exception {
    ProbeArgs probe = ProbeArgs.parse(args);
    Spawn spawn = new Spawn(probe.threads(), probe.number("batch", 1));
    Threads.runIn(
        probe.threads(),
        () -> {
          spawn.run(probe.warmUpNanos(), null);
          Histogram histogram = Metrics.histogram();
          Metrics.print("ns", spawn.run(probe.measureNanos(), histogram));
          Metrics.print(histogram, 1);
        });
  }

  /** Spawns for so long and returns the mean ns a thread. */
  double run(long nanos, @Nullable Histogram histogram) throws InterruptedException {
    long start = System.nanoTime();
    long now = start;
    long count = 0;
    while (now - start < nanos) {
      spawn();
      long after = System.nanoTime();
      if (histogram != null) {
        histogram.recordValue((after - now) / batch);
      }
      now = after;
      count += batch;
    }
    return (double) (now - start) / count;
  }

  /** Spawns one batch and waits for its end. */
  public void spawn() throws InterruptedException {
    if (batch == 1) {
      Thread thread = threads.newThread(() -> {});
      thread.start();
      thread.join();
      return;
    }
    CountDownLatch latch = new CountDownLatch(batch);
    Runnable task = latch::countDown;
    for (int i = 0; i < batch; i++) {
      threads.newThread(task).start();
    }
    latch.await();
  }
}
