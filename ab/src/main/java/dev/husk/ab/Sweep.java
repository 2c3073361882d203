package dev.husk.ab;

import java.util.ArrayList;
import java.util.List;

/**
 * Rising rates until the app is saturated. All variants get the same rates: parts of what the first
 * one served in a closed loop, first in steps of a fifth, near saturation in smaller ones.
 *
 * <p>A rate is served when at least 98 % of the requests got their reply in time and p99 is within
 * the limit. Two rates in a row that aren't end the sweep; one alone may be the machine's noise.
 */
final class Sweep {
  private static final double[] PARTS = {0.2, 0.4, 0.6, 0.75, 0.85, 0.95, 1.05, 1.15, 1.3, 1.5};

  /** From the last part on. */
  private static final double FACTOR = 1.2;

  private static final double SERVED = 0.98;
  private static final int MOST_STEPS = 24;

  private final double closed;
  private final double limitMillis;
  private final List<RatePoint> points = new ArrayList<>();
  private int failedInARow;

  /**
   * Starts a sweep.
   *
   * @param closed what the first variant served in a closed loop, req/s
   * @param limitMillis of p99
   */
  Sweep(double closed, double limitMillis) {
    this.closed = closed;
    this.limitMillis = limitMillis;
  }

  /** The next rate, req/s; 0 when the sweep is over. */
  double next() {
    int step = points.size();
    if (failedInARow >= 2 || step >= MOST_STEPS) {
      return 0;
    }
    double last = PARTS[PARTS.length - 1];
    double part =
        step < PARTS.length ? PARTS[step] : last * Math.pow(FACTOR, step - PARTS.length + 1);
    return closed * part;
  }

  /** Notes what the last rate gave. */
  void add(RatePoint point) {
    points.add(point);
    failedInARow = isServed(point) ? 0 : failedInARow + 1;
  }

  List<RatePoint> points() {
    return List.copyOf(points);
  }

  private boolean isServed(RatePoint point) {
    return point.errors() == 0
        && point.achieved() >= SERVED * point.offered()
        && point.p99() <= limitMillis;
  }

  /**
   * The rate at which p99 meets the limit, req/s: between the highest rate that was served and the
   * next one, by the logarithm of p99. NaN where not even the lowest was served, or where the
   * driver was the limit.
   */
  double throughput() {
    int best = -1;
    for (int i = 0; i < points.size(); i++) {
      if (isServed(points.get(i))) {
        best = i;
      }
    }
    if (best < 0) {
      return points.stream().anyMatch(RatePoint::driverLimited) ? Double.NaN : 0;
    }
    RatePoint low = points.get(best);
    if (best + 1 == points.size()) {
      return low.achieved();
    }
    RatePoint high = points.get(best + 1);
    if (high.driverLimited()) {
      return Double.NaN;
    }
    if (high.p99() <= limitMillis) {
      return Math.max(low.achieved(), Math.min(high.achieved(), high.offered()));
    }
    double part =
        (Math.log(limitMillis) - Math.log(Math.max(low.p99(), 1e-3)))
            / (Math.log(high.p99()) - Math.log(Math.max(low.p99(), 1e-3)));
    return low.achieved() + Math.clamp(part, 0, 1) * (high.offered() - low.achieved());
  }
}
