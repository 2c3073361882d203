package dev.husk.bench.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.HdrHistogram.Histogram;

/**
 * {@code contenders} threads that enter one {@code synchronized} block again and again, hold it for
 * {@code held} ns and spend as long outside. Prints {@code ns}, the time for one section of the
 * whole group, and the percentiles of the way in, taken from every 64th entry.
 */
public final class Locks {
  private static final int SAMPLED = 64;

  private final Object lock = new Object();
  private final long heldSteps;
  private volatile boolean over;
  private long guarded;

  /** A lock that is held for so many steps of {@link Work}. */
  public Locks(long heldSteps) {
    this.heldSteps = heldSteps;
  }

  /**
   * Arguments: {@code contenders}, {@code held}, {@code seconds}, {@code warmUp}, {@code threads}.
   */
  public static void main(String[] args) throws Exception {
    ProbeArgs probe = ProbeArgs.parse(args);
    long steps = Work.steps(probe.number("held", 10));
    int contenders = probe.number("contenders", 2);
    new Locks(steps).run(probe.threads(), contenders, probe.warmUpNanos(), Metrics.histogram());
    Histogram histogram = Metrics.histogram();
    long start = System.nanoTime();
    long sections =
        new Locks(steps).run(probe.threads(), contenders, probe.measureNanos(), histogram);
    Metrics.print("ns", (double) (System.nanoTime() - start) / sections);
    Metrics.print(histogram, 1);
  }

  /** Contends for so long and returns how many sections were run. */
  public long run(ThreadFactory threads, int contenders, long nanos, Histogram histogram)
      throws InterruptedException {
    long deadline = System.nanoTime() + nanos;
    List<Thread> started = new ArrayList<>();
    for (int i = 0; i < contenders; i++) {
      Thread thread = threads.newThread(() -> contend(deadline, histogram));
      started.add(thread);
      thread.start();
    }
    Thread.sleep(nanos / 1_000_000);
    over = true;
    for (Thread thread : started) {
      thread.join();
    }
    return guarded;
  }

  private void contend(long deadline, Histogram total) {
    Histogram histogram = Metrics.histogram();
    long sink = 0;
    // The clock ends it too: the thread that sets the flag may itself be starved.
    while (!over && System.nanoTime() - deadline < 0) {
      long before = System.nanoTime();
      synchronized (lock) {
        histogram.recordValue(System.nanoTime() - before);
        guarded++;
        sink += Work.run(heldSteps);
      }
      sink += Work.run(heldSteps);
      for (int i = 1; i < SAMPLED && !over; i++) {
        synchronized (lock) {
          guarded++;
          sink += Work.run(heldSteps);
        }
        sink += Work.run(heldSteps);
      }
    }
    Work.consume(sink);
    synchronized (total) {
      total.add(histogram);
    }
  }
}
