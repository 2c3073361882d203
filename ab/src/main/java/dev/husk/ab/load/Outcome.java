package dev.husk.ab.load;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What the driver says after a run: a {@link LoadReport} that can be sent.
 *
 * @param latencies in HdrHistogram's compressed encoding, in Base64
 */
record Outcome(
    double seconds,
    long replies,
    long wrong,
    long missing,
    @Nullable String firstWrong,
    String latencies,
    DriverState driver,
    double driverCpuSeconds)
    implements Serializable {

  /** A thread, or processors of the driver's own, that were busy for more of the time are full. */
  private static final double FULL = 0.9;

  /** Later than this is late, ns. */
  private static final long LATE = TimeUnit.MILLISECONDS.toNanos(1);

  static Outcome of(Plan plan, Tally tally, long start, long end, Cpu.Use use, boolean noPorts) {
    // Until the last reply, unless some were waited for in vain.
    long last = tally.missing() > 0 ? end : tally.lastReply(end);
    double seconds = Math.max(1, last - start) / 1e9;
    return new Outcome(
        seconds,
        tally.replies(),
        tally.wrong(),
        tally.missing(),
        tally.firstWrong(),
        encode(tally.latencies),
        state(plan, tally, use, noPorts),
        use.seconds());
  }

  private static DriverState state(Plan plan, Tally tally, Cpu.Use use, boolean noPorts) {
    long lateness = plan.isOpen() ? tally.lateness.getValueAtPercentile(99) : 0;
    double millis = lateness / 1e6;
    String limit = null;
    if (noPorts) {
      limit = "the machine had no more ports for new connections";
    } else if (use.busiest() > FULL) {
      limit = "one of its threads was busy for " + percent(use.busiest()) + " of the time";
    } else if (plan.pinned() && use.ofProcessors() > FULL) {
      limit = "its processors were busy for " + percent(use.ofProcessors()) + " of the time";
    } else if (tally.replies() > 0
        && lateness > LATE
        && lateness > tally.latencies.getValueAtPercentile(99) / 10
        && !isCrowdedOut(tally, use)) {
      limit =
          String.format(Locale.ROOT, "it sent 1 %% of the requests %.1f ms late or more", millis);
    }
    return new DriverState(millis, use.busiest(), Math.min(1, use.waited()), limit);
  }

  /**
   * Whether others had the processors when the driver was late, most likely the app, which is what
   * saturates a small machine: then its limit, not the driver's, was met. Due times are even in
   * time, so the part of them that was met late is the part of the time in which the driver didn't
   * run; half of that at least it must have waited for a processor.
   */
  private static boolean isCrowdedOut(Tally tally, Cpu.Use use) {
    double all = tally.lateness.getTotalCount();
    double late = all - tally.lateness.getCountBetweenValues(0, LATE);
    return use.waited() >= late / all / 2; // Not where that is NaN.
  }

  private static String percent(double part) {
    return Math.round(100 * part) + " %";
  }

  LoadReport report() {
    try {
      Histogram histogram =
          Histogram.decodeFromCompressedByteBuffer(
              ByteBuffer.wrap(Base64.getDecoder().decode(latencies)), 0);
      return new LoadReport(
          seconds, replies, wrong, missing, firstWrong, histogram, driver, driverCpuSeconds);
    } catch (DataFormatException e) {
      throw new IllegalStateException("the driver's histogram can't be read", e);
    }
  }

  private static String encode(Histogram histogram) {
    ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoCompressedByteBuffer(buffer);
    byte[] bytes = new byte[length];
    buffer.get(0, bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }
}
