package dev.husk.bench.suite;

/**
 * A figure that a benchmark gives for each variant.
 *
 * @param name the key in a round's figures and in the JSON output
 * @param title the column's heading, with the unit
 * @param digits after the decimal point
 */
public record Metric(String name, String title, int digits) {
  /** The figure as the table shows it. */
  public String format(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    // Three significant digits say all that a shared machine can tell of small values.
    int shown = value != 0 && Math.abs(value) < 1 ? Math.max(digits, 3) : digits;
    return String.format("%,." + shown + "f", value);
  }
}
