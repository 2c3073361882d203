package dev.husk.ab;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class WarmUpTest {
  private static boolean warmAfter(double... rates) {
    WarmUp rule = new WarmUp();
    for (double rate : rates) {
      rule.add(rate);
    }
    return rule.isWarm();
  }

  @Test
  void steadyRatesAreWarm() {
    assertTrue(warmAfter(100, 101, 99, 100, 100, 102, 98, 100));
  }

  @Test
  void fewWindowsAreNot() {
    assertFalse(warmAfter(100, 100, 100, 100, 100, 100, 100));
  }

  @Test
  void risingRatesAreNot() {
    assertFalse(warmAfter(80, 85, 88, 90, 95, 97, 98, 99));
  }

  @Test
  void ratesThatHaveRisenAre() {
    assertTrue(warmAfter(10, 50, 80, 98, 99, 100, 100, 100, 101, 100, 100));
  }

  @Test
  void oneWindowThatFallsOutIsEnoughForNo() {
    assertFalse(warmAfter(100, 100, 100, 100, 100, 85, 100, 100));
  }
}
