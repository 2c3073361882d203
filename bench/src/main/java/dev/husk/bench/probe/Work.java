package dev.husk.bench.probe;

/** Work of a known length that no compiler can take away, and that touches no memory. */
final class Work {
  private static final int CALIBRATION_STEPS = 1_000_000;

  @SuppressWarnings("unused") // Written, so that what is written has to be computed.
  private static volatile long sink;

  private Work() {}

  /** A chain of steps that each need the one before: a multiplication and an addition. */
  static long run(long steps) {
    long value = steps;
    for (long i = 0; i < steps; i++) {
      value = value * 6364136223846793005L + 1442695040888963407L;
    }
    return value;
  }

  /** How many steps take so many ns on this machine; at least 1. */
  static long steps(long nanos) {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < 30; i++) {
      long start = System.nanoTime();
      consume(run(CALIBRATION_STEPS));
      best = Math.min(best, (double) (System.nanoTime() - start) / CALIBRATION_STEPS);
    }
    return Math.max(1, Math.round(nanos / best));
  }

  static void consume(long value) {
    sink = value;
  }
}
