package dev.husk.ab.load;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What the driver says after a run: a {@link LoadReport} that can be sent.
 *
 * @param latencies in HdrHistogram's compressed encoding, in Base64
 * @param latenessNanos 99 % of requests were sent at most so late by the driver's own fault
 * @param busiest the part of one processor that the busiest thread had; 0 where unknown
 */
record Outcome(
    double seconds,
    long replies,
    long wrong,
    long missing,
    @Nullable String firstWrong,
    String latencies,
    boolean driverLimited,
    double driverCpuSeconds,
    long latenessNanos,
    double busiest)
    implements Serializable {

  /** A thread, or processors of the driver's own, that were busy for more of the time are full. */
  private static final double FULL = 0.9;

  static Outcome of(Plan plan, Tally tally, long start, long end, Cpu.Use use, boolean noPorts) {
    // Until the last reply, unless some were waited for in vain.
    long last = tally.missing() > 0 ? end : tally.lastReply(end);
    double seconds = Math.max(1, last - start) / 1e9;
    long lateness = tally.lateness.getValueAtPercentile(99);
    boolean late =
        plan.isOpen()
            && tally.replies() > 0
            && lateness > TimeUnit.MILLISECONDS.toNanos(1)
            && lateness > tally.latencies.getValueAtPercentile(99) / 10;
    boolean full = use.busiest() > FULL || plan.pinned() && use.ofProcessors() > FULL;
    return new Outcome(
        seconds,
        tally.replies(),
        tally.wrong(),
        tally.missing(),
        tally.firstWrong(),
        encode(tally.latencies),
        late || full || noPorts,
        use.seconds(),
        lateness,
        use.busiest());
  }

  LoadReport report() {
    try {
      Histogram histogram =
          Histogram.decodeFromCompressedByteBuffer(
              ByteBuffer.wrap(Base64.getDecoder().decode(latencies)), 0);
      return new LoadReport(
          seconds, replies, wrong, missing, firstWrong, histogram, driverLimited, driverCpuSeconds);
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
