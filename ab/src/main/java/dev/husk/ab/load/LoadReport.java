package dev.husk.ab.load;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What the driver saw in one run.
 *
 * @param seconds how long it lasted, until the last reply or the end of the wait for it
 * @param replies correct ones
 * @param wrong replies that differ from what is correct
 * @param missing requests that were due and got no reply: refused, closed, timed out, or not sent
 * @param firstWrong the first wrong or missing one in words, with what was expected; null for none
 * @param latencies ns, from when a request was due (closed loop: was sent) to its whole reply; of
 *     correct replies
 * @param driver how the driver did, and whether it was the limit
 * @param driverCpuSeconds CPU time that the driver took
 */
public record LoadReport(
    double seconds,
    long replies,
    long wrong,
    long missing,
    @Nullable String firstWrong,
    Histogram latencies,
    DriverState driver,
    double driverCpuSeconds) {

  /** Correct replies a second. */
  public double rate() {
    return replies / seconds;
  }

  /** A percentile of the latencies, ms. */
  public double millis(double percentile) {
    return latencies.getValueAtPercentile(percentile) / 1e6;
  }
}
