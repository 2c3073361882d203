package dev.husk.ab.stats;

import dev.husk.ab.Figure;
import dev.husk.ab.RatePoint;
import dev.husk.ab.Results;
import dev.husk.ab.Round;
import dev.husk.ab.Variant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Finds what makes the verdicts of a run doubtful. */
final class Doubts {
  /** How far the rounds of a variant may lie apart in a headline figure, of their median. */
  private static final double SPREAD = 0.20;

  private final Results results;
  private final Words words;
  private final List<String> sentences = new ArrayList<>();

  private Doubts(Results results) {
    this.results = results;
    words = new Words(results);
  }

  /**
   * One sentence each, the worst first.
   *
   * @param tests how many comparisons were tested
   */
  static List<String> of(Results results, List<Summary> summaries, int tests) {
    Doubts doubts = new Doubts(results);
    doubts.failures();
    doubts.sentences.addAll(results.warnings());
    doubts.spread(summaries);
    doubts.neighbours();
    doubts.coldRounds();
    doubts.limitedDriver();
    if (tests > 1) {
      doubts.sentences.add(
          tests
              + " comparisons were tested, each at 5 % and without a correction for their number:"
              + " where nothing differs, about one in 20 shows a difference by chance.");
    }
    return List.copyOf(doubts.sentences);
  }

  /** A sentence per variant and thing that went wrong, which often is the same in each round. */
  private void failures() {
    for (Variant variant : results.variants()) {
      Map<String, List<Integer>> rounds = new LinkedHashMap<>();
      for (Round round : results.rounds()) {
        if (round.variant().equals(variant.name()) && round.failure() != null) {
          rounds
              .computeIfAbsent(Words.failure(round), failure -> new ArrayList<>())
              .add(round.number());
        }
      }
      rounds.forEach(
          (failure, numbers) ->
              sentences.add(variant.name() + ", " + list(numbers) + ": " + failure + "."));
    }
  }

  private void spread(List<Summary> summaries) {
    for (Variant variant : results.variants()) {
      List<String> wide = new ArrayList<>();
      for (Summary summary : summaries) {
        if (!summary.variant().equals(variant.name())
            || !results.headline().contains(summary.figure())
            || summary.rounds().size() < 2) {
          continue;
        }
        double[] values = summary.rounds().stream().mapToDouble(value -> value).sorted().toArray();
        double range = (values[values.length - 1] - values[0]) / Math.abs(summary.median());
        if (range > SPREAD) {
          Figure figure = results.figure(summary.figure());
          wide.add(
              "%s (%s to %s)"
                  .formatted(
                      words.topic(figure),
                      figure.format(values[0]),
                      figure.format(values[values.length - 1])));
        }
      }
      if (!wide.isEmpty()) {
        sentences.add(
            "The rounds of %s lie more than %s apart in %s."
                .formatted(variant.name(), Words.percent(SPREAD), Words.join(wide)));
      }
    }
  }

  /** Other processes, or the host of a virtual machine, that took processor time. */
  private void neighbours() {
    List<Round> good = good();
    List<Round> busy = good.stream().filter(round -> round.otherCpu() > Analyst.NOISY_CPU).toList();
    if (busy.isEmpty()) {
      return;
    }
    double[] parts = good.stream().mapToDouble(Round::otherCpu).toArray();
    sentences.add(
        "Others than the app and the driver took more than %s of the machine's CPU in %d of %s:"
                .formatted(
                    Words.percent(Analyst.NOISY_CPU),
                    busy.size(),
                    Words.count(good.size(), "measurement"))
            + " %s in the middle one, %s at most. Stop what else runs, and repeat."
                .formatted(
                    Words.percent(Bootstrap.median(parts)),
                    Words.percent(Arrays.stream(parts).max().orElseThrow())));
  }

  private void coldRounds() {
    for (Variant variant : results.variants()) {
      List<Integer> cold =
          results.good(variant.name()).stream()
              .filter(round -> !round.warm())
              .map(Round::number)
              .toList();
      if (!cold.isEmpty()) {
        sentences.add(
            "%s, %s: the warm-up ended at its limit, not by its rule; figures may be those of a"
                    .formatted(variant.name(), list(cold))
                + " JVM that was still compiling.");
      }
    }
  }

  private void limitedDriver() {
    for (Variant variant : results.variants()) {
      List<Round> good = results.good(variant.name());
      List<RatePoint> points =
          good.stream()
              .flatMap(round -> round.curve().stream())
              .filter(RatePoint::driverLimited)
              .sorted(Comparator.comparingDouble(RatePoint::offered))
              .toList();
      if (!points.isEmpty()) {
        RatePoint first = points.getFirst();
        sentences.add(
            "%s: at %s the driver itself was the limit, from %s on: %s. Those points say nothing"
                    .formatted(
                        variant.name(),
                        Words.count(points.size(), "point") + " of the sweep",
                        first.offered() == 0
                            ? "the closed loop"
                            : Figure.THROUGHPUT.format(first.offered()),
                        first.driver().limit())
                + " about the app.");
      }
      Map<String, List<Integer>> noted = new LinkedHashMap<>();
      for (Round round : good) {
        for (String note : round.notes()) {
          if (note.startsWith(Round.DRIVER_LIMIT)) {
            noted.computeIfAbsent(note, text -> new ArrayList<>()).add(round.number());
          }
        }
      }
      noted.forEach(
          (note, rounds) ->
              sentences.add(variant.name() + ", " + list(rounds) + ": " + note + "."));
    }
  }

  private List<Round> good() {
    return results.rounds().stream().filter(round -> round.failure() == null).toList();
  }

  private static String list(List<Integer> rounds) {
    return (rounds.size() == 1 ? "round " : "rounds ")
        + rounds.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
