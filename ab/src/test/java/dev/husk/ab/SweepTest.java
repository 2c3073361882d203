package dev.husk.ab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.ab.load.DriverState;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

final class SweepTest {
  private static final double LIMIT = 10;

  /** Sweeps an app whose p99, ms, depends on the rate, and which serves all that is within it. */
  private static Sweep of(double closed, DoubleUnaryOperator p99) {
    Sweep sweep = new Sweep(closed, LIMIT);
    for (double rate = sweep.next(); rate > 0; rate = sweep.next()) {
      sweep.add(point(rate, p99.applyAsDouble(rate), false));
    }
    return sweep;
  }

  private static DriverState driver(boolean limited) {
    return new DriverState(0, 1, 0, limited ? "it was busy" : null);
  }

  private static RatePoint point(double rate, double p99, boolean driverLimited) {
    return new RatePoint(rate, rate, p99 / 4, p99, p99 * 2, p99 * 3, 0, driver(driverLimited));
  }

  @Test
  void findsTheRateAtWhichTheLimitIsMet() {
    // exp(rate / 434) ms is 10 ms at a rate of 1000.
    Sweep sweep = of(800, rate -> Math.exp(rate / 434.3));
    assertEquals(1000, sweep.throughput(), 10);
  }

  @Test
  void endsAfterTwoRatesThatAreNotServed() {
    Sweep sweep = of(1000, rate -> rate > 700 ? 50 : 1);
    assertEquals(2, sweep.points().stream().filter(point -> point.p99() > LIMIT).count());
    assertTrue(sweep.throughput() >= 600 && sweep.throughput() <= 750, "" + sweep.throughput());
  }

  @Test
  void goesBeyondWhatTheFirstVariantServed() {
    assertEquals(4000, of(1000, rate -> rate > 4000 ? 100 : 1).throughput(), 500);
  }

  @Test
  void oneNoisyRateIsPassedOver() {
    Sweep sweep = new Sweep(1000, LIMIT);
    for (double rate = sweep.next(); rate > 0; rate = sweep.next()) {
      boolean noise = rate == 400;
      sweep.add(point(rate, noise || rate > 1100 ? 200 : 2, false));
    }
    assertTrue(sweep.throughput() > 1000, "" + sweep.throughput());
  }

  @Test
  void nothingServedIsZero() {
    assertEquals(0, of(1000, rate -> 20).throughput());
  }

  @Test
  void whereTheDriverIsTheLimitNothingIsKnown() {
    Sweep sweep = new Sweep(1000, LIMIT);
    for (double rate = sweep.next(); rate > 0; rate = sweep.next()) {
      sweep.add(point(rate, rate > 500 ? 30 : 1, rate > 500));
    }
    assertEquals(Double.NaN, sweep.throughput());
  }

  @Test
  void errorsAreNotServed() {
    Sweep sweep = new Sweep(1000, LIMIT);
    for (double rate = sweep.next(); rate > 0; rate = sweep.next()) {
      sweep.add(new RatePoint(rate, rate, 1, 2, 3, 4, 1, driver(false)));
    }
    assertEquals(0, sweep.throughput());
    assertEquals(2, sweep.points().size());
  }
}
