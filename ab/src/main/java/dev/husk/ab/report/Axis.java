package dev.husk.ab.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * A scale with what is written along it.
 *
 * @param title what it shows, with the unit
 * @param label what a mark is called
 */
record Axis(String title, Scale scale, DoubleFunction<String> label) {
  /** A generous width of a character in labels: a digit of a wide font of 12 px. */
  static final double CHARACTER = 7.6;

  private static final double GAP = 14;

  /** An axis of plain numbers. */
  static Axis of(String title, Scale scale) {
    return new Axis(title, scale, Axis::plain);
  }

  /**
   * Percentiles up to one, as 1/(1-p) on a log scale: 50 %, 90 %, 99 %, 99.9 %, equally far apart.
   */
  static Axis percentiles(String title, double last) {
    List<Double> marks = new ArrayList<>(List.of(2.0));
    for (double inverse = 10; inverse <= 1.001 / (1 - last / 100); inverse *= 10) {
      marks.add(inverse);
    }
    return new Axis(
        title,
        new Scale.Marked(Scale.log(2, marks.getLast()), List.copyOf(marks)),
        inverse -> plain(100 - 100 / inverse) + " %");
  }

  /** The marks that fit side by side in a width. */
  List<Double> ticksIn(double width) {
    List<Double> ticks = List.of();
    for (int most = 2 + (int) (width / 40); most > 1; most--) {
      ticks = scale.ticks(most);
      if (fit(ticks, width)) {
        return ticks;
      }
    }
    return ticks.isEmpty() ? ticks : ticks.subList(0, 1);
  }

  /** The marks that fit above each other in a height. */
  List<Double> ticksAbove(double height) {
    return scale.ticks(Math.max(2, 1 + (int) (height / 26)));
  }

  /** How wide a label is, at most. */
  double width(double tick) {
    return label.apply(tick).length() * CHARACTER;
  }

  private boolean fit(List<Double> ticks, double width) {
    double end = Double.NEGATIVE_INFINITY;
    for (double tick : ticks) {
      double middle = scale.at(tick) * width;
      double half = width(tick) / 2;
      if (middle - half < end + GAP) {
        return false;
      }
      end = middle + half;
    }
    return true;
  }

  /** A number without digits that say nothing: 0.05, 2.5, 12,000. */
  static String plain(double value) {
    double size = Math.abs(value);
    if (size >= 1e12 || size > 0 && size < 1e-6) {
      return String.format(Locale.ROOT, "%.2e", value);
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(7)).stripTrailingZeros();
    int decimals = Math.max(0, rounded.scale());
    return String.format(Locale.ROOT, "%,." + decimals + "f", rounded);
  }

  /** The least and the greatest of values with some room around them; 0 to 1 of none. */
  static Scale around(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    sorted.sort(null);
    if (sorted.isEmpty()) {
      return Scale.linear(0, 1);
    }
    double room = 0.15 * (sorted.getLast() - sorted.getFirst());
    double least = sorted.getFirst() - room;
    return Scale.linear(
        sorted.getFirst() >= 0 ? Math.max(0, least) : least, sorted.getLast() + room);
  }
}
