package dev.husk.ab;

import java.time.Duration;

/**
 * How a round is measured.
 *
 * @param kind which loads it has
 * @param rate of {@link Kind#FIXED}: requests a second, 0 for half of what the first variant serves
 *     in a closed loop
 * @param latencyLimitMillis a rate counts as served when p99 is within it
 * @param window the time of the figures: latencies, CPU, memory; and of the closed loop
 * @param step the time of each rate of the sweep
 * @param warmUpMin the shortest warm-up
 * @param warmUpMax the longest
 * @param readyLimit from start to first correct reply at most
 */
public record Plan(
    Kind kind,
    double rate,
    double latencyLimitMillis,
    Duration window,
    Duration step,
    Duration warmUpMin,
    Duration warmUpMax,
    Duration readyLimit) {

  /** Which loads a round has. */
  public enum Kind {
    /** A fixed rate for the figures, then a closed loop, then rising rates until saturation. */
    SWEEP,
    /** A fixed rate alone. */
    FIXED,
    /** A closed loop alone. */
    CLOSED
  }

  /** What {@code husk ab} does without options: some 40 seconds a round and variant. */
  public static final Plan DEFAULT =
      new Plan(
          Kind.SWEEP,
          0,
          10,
          Duration.ofSeconds(5),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60));

  /** Checks that it can be run; the message of the exception says what can't. */
  public Plan {
    if (rate < 0 || latencyLimitMillis <= 0) {
      throw new IllegalArgumentException("rate and latency limit are more than 0");
    }
    if (window.toMillis() < 100 || step.toMillis() < 100) {
      throw new IllegalArgumentException("a measured time is at least 100 ms");
    }
    if (warmUpMax.compareTo(warmUpMin) < 0) {
      throw new IllegalArgumentException("the longest warm-up is shorter than the shortest");
    }
  }

  /** The same with another kind of load. */
  public Plan with(Kind kind, double rate) {
    return new Plan(kind, rate, latencyLimitMillis, window, step, warmUpMin, warmUpMax, readyLimit);
  }

  /** The same with another latency limit, ms. */
  public Plan withLatencyLimit(double millis) {
    return new Plan(kind, rate, millis, window, step, warmUpMin, warmUpMax, readyLimit);
  }

  /** The same with other times. */
  public Plan withTimes(Duration window, Duration step, Duration warmUpMin, Duration warmUpMax) {
    return new Plan(kind, rate, latencyLimitMillis, window, step, warmUpMin, warmUpMax, readyLimit);
  }

  /** The same with another limit for the start. */
  public Plan withReadyLimit(Duration limit) {
    return new Plan(kind, rate, latencyLimitMillis, window, step, warmUpMin, warmUpMax, limit);
  }
}
