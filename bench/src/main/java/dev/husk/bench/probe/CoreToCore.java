package dev.husk.bench.probe;

import java.util.Arrays;

/**
 * How long a cache line takes from core to core and back: two spinning threads that pass a number
 * on. No benchmark of Husk's, but what the machine is worth at this minute.
 */
public final class CoreToCore {
  private static final int BATCHES = 101;
  private static final int BATCH = 2000;

  private static volatile long turn;

  private CoreToCore() {}

  /** Prints {@code ns}, the median round trip. */
  public static void main(String[] args) throws Exception {
    long total = 2L * BATCHES * BATCH;
    long limit = System.nanoTime() + 5_000_000_000L;
    Thread other = new Thread(() -> pass(1, total, limit), "other");
    other.start();
    double[] batches = new double[BATCHES];
    for (int i = 0; i < BATCHES; i++) {
      long start = System.nanoTime();
      pass(2L * BATCH * i, 2L * BATCH * (i + 1), limit);
      batches[i] = (double) (System.nanoTime() - start) / BATCH;
    }
    other.join();
    Arrays.sort(batches);
    Metrics.print("ns", batches[BATCHES / 2]);
  }

  /** Takes every second turn from {@code first} on, below {@code end}. */
  private static void pass(long first, long end, long limit) {
    long next = first;
    int spins = 0;
    while (next < end) {
      if (turn == next) {
        turn = next + 1;
        next += 2;
      } else {
        Thread.onSpinWait();
        if ((++spins & 0xffff) == 0 && System.nanoTime() - limit > 0) {
          throw new IllegalStateException("this machine has no second core to spare");
        }
      }
    }
  }
}
