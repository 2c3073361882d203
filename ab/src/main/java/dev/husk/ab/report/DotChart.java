package dev.husk.ab.report;

import java.util.List;

/**
 * A row of dots for each variant, with a mark at their median.
 *
 * @param title what it shows, for screen readers
 * @param description how to read it, for screen readers
 */
record DotChart(String title, String description, Axis x, List<Row> rows) {
  private static final double ROW = 54;
  private static final double BOTTOM = 46;
  private static final double SIDE = 14;
  private static final double SIGN = 4.4;

  /**
   * One variant's values.
   *
   * @param label written above the dots
   * @param tips a text for each value, which shows under the pointer
   */
  record Row(int variant, String label, List<Double> values, List<String> tips, double median) {}

  /**
   * Draws it.
   *
   * @param style CSS class of the drawing
   */
  String draw(String style, double width) {
    double base = ROW * rows.size();
    double plotWidth = width - 2 * SIDE;
    Svg svg = new Svg(style, width, base + BOTTOM, title, description);
    for (double tick : x.ticksIn(plotWidth)) {
      double at = SIDE + x.scale().at(tick) * plotWidth;
      svg.line("grid", at, 0, at, base + 4);
      double half = x.width(tick) / 2;
      svg.text("tick middle", Math.clamp(at, half, width - half), base + 18, x.label().apply(tick));
    }
    svg.line("axis", SIDE, base, SIDE + plotWidth, base);
    svg.text("axis-title end", SIDE + plotWidth, base + 38, x.title());
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      double middle = ROW * i + 34;
      svg.text("row-label v" + row.variant, SIDE + 2, ROW * i + 16, row.label);
      svg.line("row", SIDE, middle, SIDE + plotWidth, middle);
      if (!row.values.isEmpty()) {
        double at = SIDE + x.scale().at(row.median) * plotWidth;
        svg.line("median v" + row.variant, at, middle - 11, at, middle + 11);
      }
      for (int j = 0; j < row.values.size(); j++) {
        svg.sign(
            "sign v" + row.variant,
            row.variant,
            SIDE + x.scale().at(row.values.get(j)) * plotWidth,
            middle,
            SIGN,
            row.tips.get(j));
      }
    }
    return svg.end();
  }
}
