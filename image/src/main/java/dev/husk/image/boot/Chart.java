package dev.husk.image.boot;

import java.time.Duration;
import java.util.Locale;

/** Draws a {@link Timeline}: a bar for each phase, on an axis of seconds. */
public final class Chart {
  private static final int TEXT_BARS = 40;

  private static final int WIDTH = 800;
  private static final int LEFT = 220; // of the bars
  private static final int BARS = 480;
  private static final int TOP = 56;
  private static final int ROW = 28;
  private static final int MOST_TICKS = 8;

  private Chart() {}

  /** Lines for a terminal: how long each phase took, and where it lies. */
  public static String text(Timeline timeline) {
    int names = timeline.phases().stream().mapToInt(phase -> phase.name().length()).max().orElse(0);
    names = Math.max(names, "altogether".length());
    double whole = seconds(timeline.length());
    StringBuilder text = new StringBuilder();
    for (Phase phase : timeline.phases()) {
      int from = cell(seconds(phase.begin()), whole);
      int to = cell(seconds(phase.end()), whole);
      String bar =
          to > from ? "#".repeat(to - from) : "|"; // Shorter than a cell, but it was there.
      text.append(
          String.format(
              Locale.ROOT,
              "%-" + names + "s %9s  %s%s%n",
              phase.name(),
              words(phase.length()),
              " ".repeat(from),
              bar));
    }
    text.append(
        String.format(
            Locale.ROOT, "%-" + names + "s %9s%n", "altogether", words(timeline.length())));
    return text.toString();
  }

  private static int cell(double at, double whole) {
    return whole == 0 ? 0 : (int) Math.round(at / whole * TEXT_BARS);
  }

  /**
   * A picture that needs nothing else.
   *
   * @param title what was booted
   */
  public static String svg(String title, Timeline timeline) {
    double whole = seconds(timeline.length());
    double step = step(whole);
    int bottom = TOP + timeline.phases().size() * ROW;
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" role="img">
            <title>%3$s</title>
            <style>
            svg { background: #ffffff; font: 13px system-ui, sans-serif; }
            text { fill: #1f2328; }
            .title { font-weight: 600; }
            .axis { stroke: #d1d9e0; }
            .bar { fill: #2f6fde; }
            .number { font-variant-numeric: tabular-nums; }
            @media (prefers-color-scheme: dark) {
              svg { background: #14171c; }
              text { fill: #e6e9ed; }
              .axis { stroke: #3a414b; }
              .bar { fill: #6fa4ff; }
            }
            </style>
            <text class="title" x="16" y="26">%3$s</text>
            """,
            WIDTH,
            bottom + 32,
            escaped(title + ": " + words(timeline.length()))));
    for (int tick = 0; tick * step <= whole; tick++) {
      double at = tick * step;
      svg.append(
          String.format(
              Locale.ROOT,
              """
              <line class="axis" x1="%1$.1f" y1="%2$d" x2="%1$.1f" y2="%3$d"/>
              <text class="number" x="%1$.1f" y="%4$d" text-anchor="middle">%5$s s</text>
              """,
              x(at, whole),
              TOP - 8,
              bottom,
              bottom + 18,
              label(at, step)));
    }
    int y = TOP;
    for (Phase phase : timeline.phases()) {
      double from = x(seconds(phase.begin()), whole);
      // One that took no time is seen, too.
      double width = Math.max(1, x(seconds(phase.end()), whole) - from);
      svg.append(
          String.format(
              Locale.ROOT,
              """
              <text x="%1$d" y="%2$d" text-anchor="end">%3$s</text>
              <rect class="bar" x="%4$.1f" y="%5$d" width="%6$.1f" height="16" rx="2"/>
              <text class="number" x="%7$.1f" y="%2$d">%8$s</text>
              """,
              LEFT - 10,
              y + 13,
              escaped(phase.name()),
              from,
              y,
              width,
              from + width + 6,
              words(phase.length())));
      y += ROW;
    }
    return svg.append("</svg>\n").toString();
  }

  private static double x(double at, double whole) {
    return LEFT + (whole == 0 ? 0 : at / whole * BARS);
  }

  /** The smallest of 1, 2 and 5 with zeros that doesn't crowd the axis. */
  private static double step(double whole) {
    double power = 0.001;
    while (true) {
      for (int digit : new int[] {1, 2, 5}) {
        if (whole <= digit * power * MOST_TICKS) {
          return digit * power;
        }
      }
      power *= 10;
    }
  }

  private static String label(double at, double step) {
    int digits = step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3;
    return String.format(Locale.ROOT, "%." + digits + "f", at);
  }

  private static String words(Duration time) {
    return String.format(Locale.ROOT, "%.2f s", seconds(time));
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }

  /** As XML takes it; characters that XML has no way to write become question marks. */
  static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(isXml(c) ? c : '?');
              }
            });
    return escaped.toString();
  }

  private static boolean isXml(int c) {
    return c == '\t'
        || c == '\n'
        || c >= 0x20 && c < 0xD800
        || c >= 0xE000 && c < 0xFFFE
        || c >= 0x10000;
  }
}
