package dev.husk.ab.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lines and signs over two axes, drawn for a width.
 *
 * @param title what it shows, for screen readers
 * @param description how to read it, for screen readers
 * @param limit a line right across, null for none
 */
record LineChart(
    String title, String description, Axis x, Axis y, List<Series> series, @Nullable Limit limit) {
  private static final double TOP = 30;
  private static final double BOTTOM = 46;
  private static final double RIGHT = 14;
  private static final double SIGN = 3.6;

  /** A value of the vertical axis that matters, and what it is called. */
  record Limit(double value, String label) {}

  /**
   * Draws it.
   *
   * @param style CSS class of the drawing
   */
  String draw(String style, double width, double height) {
    Svg svg = new Svg(style, width, height, title, description);
    double plotHeight = height - TOP - BOTTOM;
    List<Double> yTicks = y.ticksAbove(plotHeight);
    double left = 12 + yTicks.stream().mapToDouble(y::width).max().orElse(0);
    double plotWidth = width - left - RIGHT;
    double base = TOP + plotHeight;

    svg.text("axis-title", 0, 13, y.title());
    for (double tick : yTicks) {
      double at = base - y.scale().at(tick) * plotHeight;
      svg.line("grid", left, at, left + plotWidth, at);
      svg.text("tick end", left - 7, at + 4, y.label().apply(tick));
    }
    for (double tick : x.ticksIn(plotWidth)) {
      double at = left + x.scale().at(tick) * plotWidth;
      svg.line("grid", at, TOP, at, base + 4);
      // A label at the very edge is kept inside.
      double half = x.width(tick) / 2;
      svg.text("tick middle", Math.clamp(at, half, width - half), base + 18, x.label().apply(tick));
    }
    svg.line("axis", left, base, left + plotWidth, base);
    svg.text("axis-title end", left + plotWidth, base + 38, x.title());
    if (limit != null) {
      double at = base - y.scale().at(limit.value) * plotHeight;
      svg.line("limit", left, at, left + plotWidth, at);
      svg.text("limit-label", left + 6, at > TOP + 20 ? at - 6 : at + 16, limit.label);
    }
    // The faint ones first, so that they are behind.
    for (boolean faint : new boolean[] {true, false}) {
      for (Series each : series) {
        if (faint == (each.kind() == Series.Kind.FAINT)) {
          draw(svg, each, left, base, plotWidth, plotHeight);
        }
      }
    }
    return svg.end();
  }

  private void draw(
      Svg svg, Series each, double left, double base, double plotWidth, double plotHeight) {
    List<Svg.Place> places =
        each.points().stream()
            .map(
                point ->
                    new Svg.Place(
                        left + x.scale().at(point.x()) * plotWidth,
                        base - y.scale().at(point.y()) * plotHeight))
            .toList();
    String variant = " v" + each.variant();
    if (each.kind() != Series.Kind.SIGNS && places.size() > 1) {
      svg.path((each.kind() == Series.Kind.FAINT ? "faint" : "line") + variant, places);
    }
    boolean signs = each.kind() == Series.Kind.SIGNS || each.kind() == Series.Kind.LINE_WITH_SIGNS;
    for (int i = 0; signs && i < places.size(); i++) {
      svg.sign(
          "sign" + variant,
          each.variant(),
          places.get(i).x(),
          places.get(i).y(),
          SIGN,
          each.points().get(i).tip());
    }
  }
}
