package dev.husk.ab.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BootstrapTest {
  private static final double[] SEVEN = {11, 17, 13, 12, 16, 15, 14};

  @Test
  void takesTheOrderStatisticsThatTheBinomialGives() {
    // The median of a resample of seven is at most the k-th smallest value when four or more draws
    // are, of which each has the chance k/7: 0.010 for k = 1, 0.098 for k = 2. So the point at 2.5
    // %
    // is the second smallest, and by symmetry that at 97.5 % the second largest.
    assertEquals(new Interval(12, 16), Bootstrap.ofMedian(SEVEN));
    // Of five: 0.058 for k = 1, so that the interval is all of them.
    assertEquals(new Interval(1, 9), Bootstrap.ofMedian(new double[] {5, 1, 9, 4, 6}));
  }

  @Test
  void givesTheSameForTheSameRoundsInAnyOrder() {
    double[] sorted = {11, 12, 13, 14, 15, 16, 17};
    double[] base = {8, 9, 9.5, 10, 11};
    assertEquals(
        Bootstrap.ofMedians(sorted, base, (a, b) -> a / b),
        Bootstrap.ofMedians(SEVEN, base, (a, b) -> a / b));
  }

  @Test
  void scalesWithTheUnit() {
    double[] base = {8, 9, 9.5, 10, 11};
    double[] inOtherUnit = {8_192, 9_216, 9_728, 10_240, 11_264};
    double[] others = {11_264, 17_408, 13_312, 12_288, 16_384, 15_360, 14_336};
    assertEquals(
        Bootstrap.ofMedians(SEVEN, base, (a, b) -> a / b),
        Bootstrap.ofMedians(others, inOtherUnit, (a, b) -> a / b));
  }

  @Test
  void containsTheRatioAndTurnsRoundWithTheSides() {
    double[] base = {8, 9, 9.5, 10, 11};
    Interval ratio = Bootstrap.ofMedians(SEVEN, base, (a, b) -> a / b);
    Interval inverse = Bootstrap.ofMedians(base, SEVEN, (a, b) -> a / b);
    assertTrue(ratio.low() < 14 / 9.5 && 14 / 9.5 < ratio.high());
    assertEquals(1 / ratio.high(), inverse.low(), 0.03);
    assertEquals(1 / ratio.low(), inverse.high(), 0.03);
  }

  @Test
  void hasNoIntervalOfOneValue() {
    assertEquals(Interval.NONE, Bootstrap.ofMedian(new double[] {1}));
    assertEquals(Interval.NONE, Bootstrap.ofMedians(SEVEN, new double[] {1}, (a, b) -> a / b));
  }
}
