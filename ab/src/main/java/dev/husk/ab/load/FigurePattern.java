package dev.husk.ab.load;

import dev.husk.ab.Figure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Picks a figure from what a load tool prints.
 *
 * @param figure which
 * @param pattern with one group, a number maybe with a suffix
 * @param unit of a number without a suffix, where it is a time: ns, us, ms, s, m, h
 */
record FigurePattern(Figure figure, Pattern pattern, String unit) {
  private static final Pattern SPECIFICATION =
      Pattern.compile(
          "([A-Za-z0-9][A-Za-z0-9._-]*)(?::([^:=]*))?(?::(higher|lower))?=(.+)", Pattern.DOTALL);

  private static final Pattern NUMBER =
      Pattern.compile(
          "([-+]?[0-9][0-9,]*(?:\\.[0-9]*)?(?:[eE][-+]?[0-9]+)?|[-+]?\\.[0-9]+)\\s*([A-Za-zµμ]*)%?");

  private static final Map<String, Double> NANOS =
      Map.ofEntries(
          Map.entry("ns", 1.0),
          Map.entry("us", 1e3),
          Map.entry("µs", 1e3),
          Map.entry("μs", 1e3),
          Map.entry("ms", 1e6),
          Map.entry("msec", 1e6),
          Map.entry("s", 1e9),
          Map.entry("sec", 1e9),
          Map.entry("secs", 1e9),
          Map.entry("m", 60e9),
          Map.entry("min", 60e9),
          Map.entry("h", 3600e9));

  private static final Map<String, Double> MULTIPLES =
      Map.of("k", 1e3, "K", 1e3, "M", 1e6, "G", 1e9);

  /**
   * The figures of a load command.
   *
   * @param specifications those that the user gave
   * @throws IllegalArgumentException when one can't be read, or there are none and the tool is
   *     unknown
   */
  static List<FigurePattern> all(String command, List<String> specifications) {
    List<FigurePattern> all = new ArrayList<>();
    for (String each : specifications) {
      all.add(parse(each));
    }
    if (all.isEmpty()) {
      LoadTool tool = LoadTool.of(command);
      if (tool == null) {
        throw new IllegalArgumentException(
            "load command '"
                + command
                + "': it is none of "
                + LoadTool.names()
                + ", so say which figures it prints, as in"
                + " 'requests:req/s:higher=Requests/sec: *([0-9.]+)'");
      }
      all.addAll(tool.figures(command));
    }
    long names = all.stream().map(each -> each.figure().id()).distinct().count();
    if (names < all.size()) {
      throw new IllegalArgumentException("two figures of the load command have the same name");
    }
    return List.copyOf(all);
  }

  static FigurePattern parse(String specification) {
    Matcher matcher = SPECIFICATION.matcher(specification);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "figure '"
              + specification
              + "' is not name[:unit][:higher|lower]=PATTERN, as in"
              + " p99:ms:lower=99% *([0-9.]+[a-z]*)");
    }
    String unit = matcher.group(2) == null ? "" : matcher.group(2);
    String better = matcher.group(3);
    if (better == null && (unit.equals("higher") || unit.equals("lower"))) {
      better = unit;
      unit = "";
    }
    if (better == null) {
      better = NANOS.containsKey(unit) ? "lower" : "higher";
    }
    String name = matcher.group(1);
    return of(
        new Figure(name, name, unit, Figure.Better.valueOf(better.toUpperCase(Locale.ROOT)), 3),
        matcher.group(4),
        unit);
  }

  static FigurePattern of(Figure figure, String pattern, String unit) {
    Pattern compiled;
    try {
      compiled = Pattern.compile(pattern, Pattern.MULTILINE);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("figure '" + figure.id() + "': " + e.getMessage(), e);
    }
    int groups = compiled.matcher("").groupCount();
    if (groups != 1) {
      throw new IllegalArgumentException(
          "figure '"
              + figure.id()
              + "': the pattern "
              + pattern
              + " has "
              + groups
              + " groups; exactly one, around the number, is needed");
    }
    return new FigurePattern(figure, compiled, unit);
  }

  /**
   * Its last match in the output.
   *
   * @throws IOException when there is none, or it isn't a number
   */
  double find(String output) throws IOException {
    Matcher matcher = pattern.matcher(output);
    String text = null;
    while (matcher.find()) {
      text = matcher.group(1);
    }
    if (text == null) {
      throw new IOException(
          "figure '" + figure.id() + "': the pattern " + pattern + " doesn't match");
    }
    return number(text.strip());
  }

  private double number(String text) throws IOException {
    Matcher matcher = NUMBER.matcher(text);
    if (!matcher.matches()) {
      throw new IOException("figure '" + figure.id() + "': '" + text + "' isn't a number");
    }
    double value = Double.parseDouble(matcher.group(1).replace(",", ""));
    String suffix = matcher.group(2);
    @Nullable Double to = NANOS.get(figure.unit());
    if (to != null && MULTIPLES.get(suffix) == null) {
      Double from = NANOS.get(suffix.isEmpty() ? unit : suffix);
      if (from != null) {
        return value * from / to;
      }
    } else if (suffix.isEmpty()) {
      return value;
    } else if (MULTIPLES.get(suffix) != null) {
      return value * MULTIPLES.get(suffix);
    } else if (NANOS.containsKey(suffix)) {
      throw new IOException(
          "figure '"
              + figure.id()
              + "': '"
              + text
              + "' is a time; give the figure a unit, as in "
              + figure.id()
              + ":ms=…");
    }
    throw new IOException("figure '" + figure.id() + "': unknown suffix in '" + text + "'");
  }
}
