package dev.husk.ab.report;

import dev.husk.ab.Figure;
import dev.husk.ab.RatePoint;
import dev.husk.ab.Results;
import dev.husk.ab.Round;
import dev.husk.ab.Sample;
import dev.husk.ab.Variant;
import dev.husk.ab.report.Series.Kind;
import dev.husk.ab.report.Series.Point;
import dev.husk.ab.stats.Analysis;
import dev.husk.ab.stats.Summary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.apache.commons.statistics.descriptive.Median;
import org.jspecify.annotations.Nullable;

/** Makes the charts of a run. Those that would be empty are "". */
final class Charts {
  /** Large charts are drawn twice, for a phone and for more room: text keeps its size so. */
  private static final double NARROW = 328;

  private static final double WIDE = 640;

  private static final double LAST_PERCENTILE = 99.99;
  private static final int STEPS_A_DECADE = 20;

  /** 1/(1-p) of the first percentile that is drawn, the median. */
  private static final double FIRST_INVERSE = 2;

  private final Results results;
  private final Analysis analysis;

  Charts(Results results, Analysis analysis) {
    this.results = results;
    this.analysis = analysis;
  }

  /** Latency against throughput. */
  String curve() {
    List<Series> series = new ArrayList<>();
    for (int i = 0; i < results.variants().size(); i++) {
      String name = results.variants().get(i).name();
      List<Round> rounds = results.good(name);
      for (Round round : rounds) {
        List<Point> points =
            usable(round).map(point -> new Point(point.achieved(), point.p99(), "")).toList();
        series.add(new Series(Legend.look(i), Kind.FAINT, points));
      }
      series.add(new Series(Legend.look(i), Kind.LINE_WITH_SIGNS, medians(name, rounds)));
    }
    List<Point> all = series.stream().flatMap(each -> each.points().stream()).toList();
    if (all.isEmpty()) {
      return "";
    }
    double limit = results.latencyLimitMillis();
    double least = all.stream().mapToDouble(Point::y).min().orElseThrow();
    double greatest = all.stream().mapToDouble(Point::y).max().orElseThrow();
    LineChart chart =
        new LineChart(
            "p99 latency against throughput",
            "A line for each variant through the medians of its rounds at each offered rate, faint"
                + " lines for single rounds. Further right is more throughput, lower is faster.",
            Axis.of(
                "throughput, req/s",
                Scale.linear(0, all.stream().mapToDouble(Point::x).max().orElseThrow())),
            Axis.of(
                "p99 latency, ms",
                Scale.log(
                    0.8 * (limit > 0 ? Math.min(limit, least) : least),
                    1.1 * Math.max(limit, greatest))),
            series,
            limit > 0 ? new LineChart.Limit(limit, "limit: " + Axis.plain(limit) + " ms") : null);
    return both(chart, 300, 360);
  }

  /** Latencies by percentile. */
  String latencies() {
    List<Series> series = new ArrayList<>();
    for (int i = 0; i < results.variants().size(); i++) {
      Histogram histogram = Latencies.of(results.good(results.variants().get(i).name())).sum();
      List<Point> points = new ArrayList<>();
      double end = Math.min(1 / (1 - LAST_PERCENTILE / 100), histogram.getTotalCount());
      double factor = Math.pow(10, 1.0 / STEPS_A_DECADE);
      for (double inverse = FIRST_INVERSE; inverse <= end * 1.001; inverse *= factor) {
        double nanos = histogram.getValueAtPercentile(100 - 100 / inverse);
        points.add(new Point(inverse, Math.max(1e-3, nanos / 1e6), ""));
      }
      series.add(new Series(Legend.look(i), Kind.LINE, points));
    }
    List<Point> all = series.stream().flatMap(each -> each.points().stream()).toList();
    if (all.isEmpty()) {
      return "";
    }
    LineChart chart =
        new LineChart(
            "Latency by percentile",
            "A line for each variant, all its rounds together: how long the fastest part of the"
                + " requests took at most. Lower is faster.",
            Axis.percentiles("part of the requests", LAST_PERCENTILE),
            Axis.of(
                "latency, ms",
                Scale.log(
                    0.9 * all.stream().mapToDouble(Point::y).min().orElseThrow(),
                    1.1 * all.stream().mapToDouble(Point::y).max().orElseThrow())),
            series,
            null);
    return both(chart, 300, 340);
  }

  /** How many rounds' latencies could not be read. */
  int unreadableLatencies() {
    return Latencies.of(results.rounds().stream().filter(round -> round.failure() == null).toList())
        .unreadable();
  }

  /** Processors that were busy over time, a panel for each variant. */
  List<String> cpu() {
    return panels("CPU", "processors busy", Sample::cores);
  }

  /** Resident memory over time, a panel for each variant. */
  List<String> memory() {
    return panels("Memory", "resident, MB", Sample::rssMegabytes);
  }

  /** Start-up: a dot for each round. */
  String startUp() {
    Figure figure =
        results.figures().stream()
            .filter(each -> each.id().equals(Figure.FIRST_REPLY.id()))
            .findFirst()
            .orElse(null);
    if (figure == null) {
      return "";
    }
    List<DotChart.Row> rows = new ArrayList<>();
    List<Double> all = new ArrayList<>();
    for (int i = 0; i < results.variants().size(); i++) {
      String name = results.variants().get(i).name();
      Summary summary = analysis.summary(name, figure.id());
      all.addAll(summary.rounds());
      rows.add(
          new DotChart.Row(
              Legend.look(i),
              cut(name) + ": " + figure.format(summary.median()),
              summary.rounds(),
              summary.rounds().stream().map(value -> name + ": " + figure.format(value)).toList(),
              summary.median()));
    }
    if (all.isEmpty()) {
      return "";
    }
    DotChart chart =
        new DotChart(
            "Start to first correct reply",
            "A row for each variant with a sign for each round and a line at their median. Further"
                + " left is sooner.",
            Axis.of("start to first correct reply, ms", Axis.around(all)),
            rows);
    return chart.draw("narrow", NARROW) + chart.draw("wide", WIDE);
  }

  /** A figure in the order in which rounds were run. */
  String order(Figure figure) {
    List<Series> series = new ArrayList<>();
    List<Double> all = new ArrayList<>();
    for (int i = 0; i < results.variants().size(); i++) {
      String name = results.variants().get(i).name();
      List<Point> points = new ArrayList<>();
      for (int run = 0; run < results.rounds().size(); run++) {
        Round round = results.rounds().get(run);
        Double value = round.figures().get(figure.id());
        if (round.failure() == null
            && round.variant().equals(name)
            && value != null
            && Double.isFinite(value)) {
          points.add(
              new Point(
                  run + 1,
                  value,
                  name + ", round " + round.number() + ": " + figure.format(value)));
          all.add(value);
        }
      }
      double median = analysis.summary(name, figure.id()).median();
      if (!points.isEmpty()) {
        series.add(
            new Series(
                Legend.look(i),
                Kind.FAINT,
                List.of(
                    new Point(0, median, ""), new Point(results.rounds().size() + 1, median, ""))));
        series.add(new Series(Legend.look(i), Kind.SIGNS, points));
      }
    }
    if (all.isEmpty()) {
      return "";
    }
    return new LineChart(
            figure.title() + " in the order of runs",
            "A sign for each run, and a faint line at each variant's median. A slope means that the"
                + " machine drifted.",
            Axis.of("run", new Scale.Linear(0, results.rounds().size() + 1)),
            Axis.of(
                figure.unit().isEmpty() ? figure.title() : figure.title() + ", " + figure.unit(),
                Axis.around(all)),
            series,
            null)
        .draw("panel", NARROW, 220);
  }

  /** Medians of the points at each rate that at least half of the rounds have. */
  private static List<Point> medians(String name, List<Round> rounds) {
    Map<Double, List<RatePoint>> byRate = new TreeMap<>();
    rounds.stream()
        .flatMap(Charts::usable)
        .forEach(
            point -> byRate.computeIfAbsent(point.offered(), x -> new ArrayList<>()).add(point));
    List<Point> medians = new ArrayList<>();
    byRate.forEach(
        (offered, points) -> {
          if (2 * points.size() >= rounds.size()) {
            double achieved = median(points, RatePoint::achieved);
            double p99 = median(points, RatePoint::p99);
            medians.add(
                new Point(
                    achieved,
                    p99,
                    "%s, %s req/s offered: %s answered, p99 %s ms"
                        .formatted(
                            name,
                            Axis.plain(offered),
                            Axis.plain(Math.rint(achieved)),
                            Axis.plain(Math.rint(1000 * p99) / 1000))));
          }
        });
    return medians;
  }

  private static Stream<RatePoint> usable(Round round) {
    return round.curve().stream()
        .filter(point -> point.offered() > 0 && !point.driverLimited() && point.p99() > 0);
  }

  private List<String> panels(String thing, String unit, ToDoubleFunction<Sample> value) {
    double seconds = 0;
    double greatest = 0;
    for (Round round : results.rounds()) {
      for (Sample sample : round.samples()) {
        seconds = Math.max(seconds, sample.seconds());
        greatest = Math.max(greatest, value.applyAsDouble(sample));
      }
    }
    if (seconds == 0) {
      return List.of();
    }
    List<String> panels = new ArrayList<>();
    for (int i = 0; i < results.variants().size(); i++) {
      Variant variant = results.variants().get(i);
      List<Round> rounds =
          results.good(variant.name()).stream().filter(each -> !each.samples().isEmpty()).toList();
      Round middle = middle(rounds, value);
      List<Series> series = new ArrayList<>();
      for (Round round : rounds) {
        List<Point> points =
            round.samples().stream()
                .map(sample -> new Point(sample.seconds(), value.applyAsDouble(sample), ""))
                .toList();
        series.add(new Series(Legend.look(i), round == middle ? Kind.LINE : Kind.FAINT, points));
      }
      panels.add(
          new LineChart(
                  thing + " of " + variant.name() + " over time",
                  "The round in the middle, and faint lines for the others, from the start of the"
                      + " app on. All panels have the same axes.",
                  Axis.of("seconds since the start", new Scale.Linear(0, seconds)),
                  Axis.of(unit, Scale.linear(0, greatest)),
                  series,
                  null)
              .draw("panel", NARROW, 200));
    }
    return panels;
  }

  /** The round whose mean is the middle one. */
  private static @Nullable Round middle(List<Round> rounds, ToDoubleFunction<Sample> value) {
    List<Round> sorted =
        rounds.stream()
            .sorted(
                Comparator.comparingDouble(
                    round -> round.samples().stream().mapToDouble(value).average().orElse(0)))
            .toList();
    return sorted.isEmpty() ? null : sorted.get(sorted.size() / 2);
  }

  private static double median(List<RatePoint> points, ToDoubleFunction<RatePoint> value) {
    return Median.withDefaults().evaluate(points.stream().mapToDouble(value).toArray());
  }

  private static String both(LineChart chart, double narrowHeight, double wideHeight) {
    return chart.draw("narrow", NARROW, narrowHeight) + chart.draw("wide", WIDE, wideHeight);
  }

  private static String cut(String name) {
    return name.length() <= 24 ? name : name.substring(0, 23) + "…";
  }
}
