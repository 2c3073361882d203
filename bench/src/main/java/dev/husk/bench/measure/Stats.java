package dev.husk.bench.measure;

import java.util.List;

/** The few statistics that a handful of rounds allow. */
public final class Stats {
  private Stats() {}

  /** The middle value, or the mean of the two in the middle; NaN when there is none. */
  public static double median(List<Double> values) {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /**
   * How far the rounds lie apart: (largest − smallest) ÷ median. A ratio between two variants that
   * is closer to 1 than this says nothing.
   */
  public static double spread(List<Double> values) {
    double median = median(values);
    if (values.size() < 2 || median == 0) {
      return 0;
    }
    double low = values.stream().mapToDouble(Double::doubleValue).min().getAsDouble();
    double high = values.stream().mapToDouble(Double::doubleValue).max().getAsDouble();
    return (high - low) / median;
  }
}
