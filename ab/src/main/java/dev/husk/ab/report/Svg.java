package dev.husk.ab.report;

import java.util.List;
import java.util.Locale;

/** A drawing that scales with the page. */
final class Svg {
  /** A place on the drawing. */
  record Place(double x, double y) {}

  private final Markup markup = new Markup();

  /**
   * Begins a drawing.
   *
   * @param style its CSS class
   * @param title its name, for screen readers
   * @param description what it shows, for screen readers
   */
  Svg(String style, double width, double height, String title, String description) {
    markup
        .open(
            "svg",
            "class",
            style,
            "viewBox",
            "0 0 " + number(width) + " " + number(height),
            "role",
            "img")
        .element("title", title)
        .element("desc", description)
        .line();
  }

  /** Begins a drawing that says nothing beyond the text beside it. */
  Svg(String style, double width, double height) {
    markup
        .open(
            "svg",
            "class",
            style,
            "viewBox",
            "0 0 " + number(width) + " " + number(height),
            "aria-hidden",
            "true")
        .line();
  }

  void line(String style, double x1, double y1, double x2, double y2) {
    markup
        .open(
            "line",
            "class",
            style,
            "x1",
            number(x1),
            "y1",
            number(y1),
            "x2",
            number(x2),
            "y2",
            number(y2))
        .close("line")
        .line();
  }

  void path(String style, List<Place> places) {
    StringBuilder path = new StringBuilder();
    for (Place place : places) {
      path.append(path.isEmpty() ? 'M' : 'L')
          .append(number(place.x))
          .append(' ')
          .append(number(place.y));
    }
    markup.open("path", "class", style, "d", path.toString()).close("path").line();
  }

  /** A sign of a variant, each of another shape, with a text that shows under the pointer. */
  void sign(String style, int shape, double x, double y, double radius, String tip) {
    markup.open("path", "class", style, "d", outline(shape, x, y, radius));
    if (!tip.isEmpty()) {
      markup.element("title", tip);
    }
    markup.close("path").line();
  }

  /** Text; the style says where its anchor is. */
  void text(String style, double x, double y, String text) {
    markup.element("text", text, "class", style, "x", number(x), "y", number(y)).line();
  }

  /** The whole of it. */
  String end() {
    return markup.close("svg").toString();
  }

  private static String outline(int shape, double x, double y, double r) {
    return switch (Math.floorMod(shape, 5)) {
      case 0 -> // a circle
          "M" + at(x - r, y) + arc(r) + at(x + r, y) + arc(r) + at(x - r, y) + "Z";
      case 1 -> // a square
          polygon(x - r, y - r, x + r, y - r, x + r, y + r, x - r, y + r);
      case 2 -> // a triangle
          polygon(x, y - 1.2 * r, x + 1.15 * r, y + 0.9 * r, x - 1.15 * r, y + 0.9 * r);
      case 3 -> // a square on its corner
          polygon(x, y - 1.3 * r, x + 1.3 * r, y, x, y + 1.3 * r, x - 1.3 * r, y);
      default -> // a triangle upside down
          polygon(x, y + 1.2 * r, x + 1.15 * r, y - 0.9 * r, x - 1.15 * r, y - 0.9 * r);
    };
  }

  private static String arc(double r) {
    return "A" + number(r) + " " + number(r) + " 0 1 1 ";
  }

  private static String at(double x, double y) {
    return number(x) + " " + number(y);
  }

  private static String polygon(double... corners) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < corners.length; i += 2) {
      path.append(i == 0 ? 'M' : 'L').append(at(corners[i], corners[i + 1]));
    }
    return path.append('Z').toString();
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
