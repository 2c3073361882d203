package dev.husk.bench.probe;

/** {@code Thread.currentThread()} at a call site of an application. */
public final class CurrentThread {
  /** Calls per {@link #loop}. */
  public static final int LOOP = 10_000;

  private CurrentThread() {}

  /** Calls it in a loop, as code does that keeps something by thread. */
  public static long loop() {
    long sum = 0;
    for (int i = 0; i < LOOP; i++) {
      sum += Thread.currentThread().threadId() ^ i;
    }
    return sum;
  }
}
