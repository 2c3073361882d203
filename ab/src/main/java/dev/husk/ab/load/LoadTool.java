package dev.husk.ab.load;

import dev.husk.ab.Figure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Load tools whose output is known. */
enum LoadTool {
  WRK(
      "Requests/sec:\\s*([\\d.]+)",
      "^\\s*%s%%\\s+([\\d.]+\\w*) *$",
      "ms",
      "^\\s*(\\d+) requests in",
      "Non-2xx or 3xx responses: \\d+|Socket errors: .*") {
    @Override
    boolean printsLatencies(String command) {
      return Pattern.compile("\\s(--latency|-L)\\b").matcher(command).find();
    }
  },
  WRK2(
      "Requests/sec:\\s*([\\d.]+)",
      "^\\s*%s\\.000%%\\s+([\\d.]+[a-zA-Z]+) *$",
      "ms",
      "^\\s*(\\d+) requests in",
      "Non-2xx or 3xx responses: \\d+|Socket errors: .*") {
    @Override
    boolean printsLatencies(String command) {
      return WRK.printsLatencies(command);
    }
  },
  HEY(
      "Requests/sec:\\s*([\\d.]+)",
      "^\\s*%s%% in ([\\d.]+) secs",
      "s",
      "",
      "\\[[45]\\d\\d]\\s+\\d+ responses|Error distribution:\\s*\\S.*"),
  AB(
      "Requests per second:\\s*([\\d.]+)",
      "^\\s*%s%%\\s+(\\d+)",
      "ms",
      "Complete requests:\\s*(\\d+)",
      "Non-2xx responses:\\s+\\d+"),
  OHA(
      "Requests/sec:\\s*([\\d.]+)",
      "^\\s*%s(?:\\.00)?%% in ([\\d.]+\\s*\\w+)",
      "s",
      "",
      "\\[[45]\\d\\d]\\s+\\d+ responses|Error distribution:\\s*\\S.*"),
  REDIS_BENCHMARK("([\\d.]+) requests per second", "", "ms", "", "ERR .*|Error .*");

  private final String throughput;
  private final String percentile;
  private final String unit;
  private final String requests;
  private final Pattern wrong;

  /**
   * @param percentile with %s for its number, "" where it prints none
   * @param unit of percentiles
   * @param requests their number, "" where it prints none
   * @param wrong the line in which it tells that replies were wrong or missing
   */
  LoadTool(String throughput, String percentile, String unit, String requests, String wrong) {
    this.throughput = throughput;
    this.percentile = percentile;
    this.unit = unit;
    this.requests = requests;
    this.wrong = Pattern.compile(wrong);
  }

  /** The tool that a command starts with, null for another one. */
  static @Nullable LoadTool of(String command) {
    for (String word : command.strip().split("\\s+")) {
      if (word.matches("\\w+=.*") || word.equals("exec") || word.equals("env")) {
        continue; // what comes before a program's name
      }
      String name = word.substring(word.lastIndexOf('/') + 1);
      return Arrays.stream(values())
          .filter(each -> each.program().equals(name))
          .map(each -> each == WRK && command.matches("(?s).*\\s(-R|--rate)\\b.*") ? WRK2 : each)
          .findFirst()
          .orElse(null);
    }
    return null;
  }

  static String names() {
    return Arrays.stream(values()).map(LoadTool::program).collect(Collectors.joining(", "));
  }

  /** What the command prints. */
  List<FigurePattern> figures(String command) {
    List<FigurePattern> figures = new ArrayList<>();
    figures.add(FigurePattern.of(Figure.CLOSED_THROUGHPUT, throughput, ""));
    if (!percentile.isEmpty() && printsLatencies(command)) {
      for (Figure each : List.of(Figure.P50, Figure.P90, Figure.P99)) {
        String number = each.id().substring(1);
        figures.add(FigurePattern.of(each, percentile.formatted(number), unit));
      }
    }
    if (!requests.isEmpty()) {
      figures.add(
          FigurePattern.of(
              new Figure(
                  CommandLoad.REQUESTS,
                  "requests of the load command",
                  "",
                  Figure.Better.HIGHER,
                  0),
              requests,
              ""));
    }
    return figures;
  }

  /** The line in which it tells that replies were wrong or missing. */
  Pattern wrong() {
    return wrong;
  }

  boolean printsLatencies(String command) {
    return true;
  }

  private String program() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
