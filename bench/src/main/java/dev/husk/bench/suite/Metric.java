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
    double size = Math.abs(value);
    int significant = size < 1 ? 3 : size < 10 ? 2 : size < 100 ? 1 : 0;
    int shown = value == Math.rint(value) ? digits : Math.max(digits, significant);
    return String.format("%,." + shown + "f", value);
  }
}
