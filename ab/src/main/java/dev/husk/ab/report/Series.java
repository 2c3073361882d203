package dev.husk.ab.report;

import java.util.List;

/**
 * Points that belong together.
 *
 * @param variant the place of the variant, which says colour, dashes and shape
 */
record Series(int variant, Kind kind, List<Point> points) {
  /** How they are drawn. */
  enum Kind {
    LINE,
    LINE_WITH_SIGNS,
    /** In the background: a single round. */
    FAINT,
    SIGNS
  }

  /**
   * One of them.
   *
   * @param tip a text that shows under the pointer, "" for none
   */
  record Point(double x, double y, String tip) {}
}
