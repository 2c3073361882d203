package dev.husk.ab.stats;

/**
 * A confidence interval of 95 %.
 *
 * @param low its lower end, NaN where there is none
 * @param high its upper end
 */
public record Interval(double low, double high) {
  /** Where rounds are too few. */
  public static final Interval NONE = new Interval(Double.NaN, Double.NaN);
}
