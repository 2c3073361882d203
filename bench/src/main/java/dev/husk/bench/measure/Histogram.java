package dev.husk.bench.measure;

/**
 * Counts of durations in logarithmic buckets with 128 linear steps each: any quantile of any number
 * of values, to 0.8 %, in 60 KB that never grow. For one thread at a time; merge with {@link #add}.
 */
public final class Histogram {
  private static final int STEP_BITS = 7;
  private static final int STEPS = 1 << STEP_BITS;

  private final long[] counts = new long[(Long.SIZE - STEP_BITS) * STEPS];
  private long total;
  private long max;

  /** Counts one value; negative ones count as 0. */
  public void record(long value) {
    long clamped = Math.max(0, value);
    counts[index(clamped)]++;
    total++;
    max = Math.max(max, clamped);
  }

  /** Adds all that another histogram has counted. */
  public void add(Histogram other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    total += other.total;
    max = Math.max(max, other.max);
  }

  /** How many values were counted. */
  public long total() {
    return total;
  }

  /** The largest value, exact; 0 when there is none. */
  public long max() {
    return max;
  }

  /**
   * The value that {@code percent} of all values don't exceed, 0 when there is none.
   *
   * @param percent 0 to 100
   */
  public long percentile(double percent) {
    long rank = Math.max(1, (long) Math.ceil(total * percent / 100));
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return Math.min(middle(i), max);
      }
    }
    return max;
  }

  private static int index(long value) {
    if (value < STEPS) {
      return (int) value;
    }
    int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(value) - STEP_BITS;
    return ((shift + 1) << STEP_BITS) + (int) ((value >>> shift) - STEPS);
  }

  private static long middle(int index) {
    if (index < STEPS) {
      return index;
    }
    int shift = (index >>> STEP_BITS) - 1;
    long low = (long) (STEPS + (index & (STEPS - 1))) << shift;
    return low + ((1L << shift) >> 1);
  }
}
