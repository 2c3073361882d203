package dev.husk.ab;

import java.util.ArrayList;
import java.util.List;

/**
 * Tells warm-up from measurement. The app is loaded in a closed loop, in windows of a second. It is
 * warm when, after the shortest time, the last four windows served within 10 % of their mean each,
 * and together no more than 3 % above the four before them.
 */
final class WarmUp {
  private static final int WINDOWS = 4;
  private static final double STEADY = 0.10;
  private static final double RISING = 0.03;

  private final List<Double> rates = new ArrayList<>();

  /** Notes what one window served, requests a second. */
  void add(double rate) {
    rates.add(rate);
  }

  /** Whether the rule holds. */
  boolean isWarm() {
    int size = rates.size();
    if (size < 2 * WINDOWS) {
      return false;
    }
    List<Double> last = rates.subList(size - WINDOWS, size);
    double mean = mean(last);
    return last.stream().allMatch(rate -> Math.abs(rate - mean) <= STEADY * mean)
        && mean <= (1 + RISING) * mean(rates.subList(size - 2 * WINDOWS, size - WINDOWS));
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }
}
