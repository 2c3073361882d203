package dev.husk.ab.stats;

import dev.husk.ab.Figure;
import dev.husk.ab.Results;
import dev.husk.ab.Round;
import dev.husk.ab.Variant;
import dev.husk.ab.stats.Comparison.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares the variants of a run with its first one, the base.
 *
 * <p>The rules. Of each figure there is one value a round; rounds that went wrong have none. A
 * variant's value is the <em>median</em> of its rounds, with the bootstrap interval of 95 % of that
 * median (percentile method, 10,000 resamples of the rounds, a fixed seed: the same rounds give the
 * same interval). The effect is the <em>ratio</em> of the other's median to the base's, with the
 * interval of that ratio: both sides resampled independently. Whether the two differ at all is
 * asked of the exact two-sided <em>Mann-Whitney test</em>, ties included, at {@link #ALPHA}. Each
 * figure is tested by itself, without a correction for the number of tests; a warning says so.
 *
 * <p>The verdict is the first that fits:
 *
 * <ol>
 *   <li>{@code NO_BASE}: the base had a round that went wrong by its own fault: see {@link
 *       Round.Kind}
 *   <li>{@code FAILED}: the other had one. Neither is outweighed by speed
 *   <li>{@code TOO_FEW_ROUNDS}: even rounds that don't overlap at all would give a p-value above
 *       {@link #ALPHA}. Four rounds of each are the fewest that can give one below. A figure that
 *       was not measured on a side has no rounds
 *   <li>{@code BETTER}, {@code WORSE}: the p-value is at most {@link #ALPHA}, the ratio's interval
 *       leaves 1 out, and the ratio is at least one percent away from it: what is hardly to be seen
 *       may be sure and is still no difference. Which of the two, says {@link Figure#better}
 *   <li>{@code TOO_NOISY}: no such difference, and the likely reason is noise: half the interval's
 *       width is more than 25 % of the ratio, or others than app and driver had more than 15 % of
 *       the machine's CPU time in the median round of the two variants
 *   <li>{@code NO_DIFFERENCE}
 * </ol>
 *
 * <p>Where the base's median isn't above 0, such as with no GC pauses at all, there is no ratio:
 * then the interval of the difference of the medians takes its place in the rule of {@code BETTER}
 * and {@code WORSE}, and must leave 0 out.
 */
public final class Analyst {
  /** How often a difference may be seen where there is none. */
  public static final double ALPHA = 0.05;

  /** How far from 1 a ratio must be to be a difference. */
  static final double SMALLEST_EFFECT = 0.01;

  /** Half an interval's width, of the ratio, above which it is too wide to say "no difference". */
  static final double NOISY_HALF_WIDTH = 0.25;

  /** Part of the machine's CPU that others may have. */
  static final double NOISY_CPU = 0.15;

  private final Results results;
  private final Answer answer;

  private Analyst(Results results) {
    this.results = results;
    answer = new Answer(results);
  }

  /**
   * What the rounds say. All of them count that are there, also of an incomplete run.
   *
   * @return the analysis, whose warnings begin with the run's own
   */
  public static Analysis analyse(Results results) {
    return new Analyst(results).analyse();
  }

  private Analysis analyse() {
    List<Summary> summaries =
        results.variants().stream()
            .flatMap(variant -> results.figures().stream().map(figure -> summary(variant, figure)))
            .toList();
    List<Claim> claims = new ArrayList<>();
    int figures = results.figures().size();
    for (int i = figures; i < summaries.size(); i++) {
      claims.add(
          claim(results.figures().get(i % figures), summaries.get(i % figures), summaries.get(i)));
    }
    int tests = (int) claims.stream().filter(claim -> isTested(claim.comparison())).count();
    return new Analysis(
        summaries,
        claims.stream().map(this::inWords).toList(),
        Doubts.of(results, summaries, tests),
        answer.verdict(claims));
  }

  private Summary summary(Variant variant, Figure figure) {
    List<Double> rounds =
        results.good(variant.name()).stream()
            .map(round -> round.figures().get(figure.id()))
            .filter(value -> value != null && Double.isFinite(value))
            .toList();
    double[] values = array(rounds);
    return new Summary(
        variant.name(), figure.id(), rounds, Bootstrap.median(values), Bootstrap.ofMedian(values));
  }

  private Claim claim(Figure figure, Summary base, Summary other) {
    double[] bases = array(base.rounds());
    double[] others = array(other.rounds());
    boolean hasRatio = base.median() > 0 && other.median() >= 0;
    Comparison comparison =
        new Comparison(
            figure.id(),
            base.variant(),
            other.variant(),
            hasRatio ? other.median() / base.median() : Double.NaN,
            hasRatio ? Bootstrap.ofMedians(others, bases, Analyst::ratio) : Interval.NONE,
            RankTest.pValue(bases, others),
            Verdict.NO_DIFFERENCE,
            "");
    Verdict verdict = verdict(comparison, figure, bases, others);
    return new Claim(figure, with(comparison, verdict, ""), base, other);
  }

  private Comparison inWords(Claim claim) {
    return with(claim.comparison(), claim.comparison().verdict(), answer.sentence(claim));
  }

  private Verdict verdict(Comparison comparison, Figure figure, double[] base, double[] other) {
    if (answer.isBlamed(comparison.base())) {
      return Verdict.NO_BASE;
    }
    if (answer.isBlamed(comparison.other())) {
      return Verdict.FAILED;
    }
    if (RankTest.smallest(base.length, other.length) > ALPHA) {
      return Verdict.TOO_FEW_ROUNDS;
    }
    boolean hasRatio = !Double.isNaN(comparison.ratio());
    Interval interval =
        hasRatio
            ? comparison.interval()
            : Bootstrap.ofMedians(other, base, (median, of) -> median - of);
    double none = hasRatio ? 1 : 0;
    boolean visible = !hasRatio || Math.abs(comparison.ratio() - 1) >= SMALLEST_EFFECT;
    if (visible
        && comparison.pValue() <= ALPHA
        && (interval.low() > none || interval.high() < none)) {
      boolean higher = interval.low() > none;
      return higher == (figure.better() == Figure.Better.HIGHER) ? Verdict.BETTER : Verdict.WORSE;
    }
    double halfWidth = (interval.high() - interval.low()) / 2;
    boolean wide = hasRatio && halfWidth > NOISY_HALF_WIDTH * comparison.ratio();
    return wide || otherCpu(comparison) > NOISY_CPU ? Verdict.TOO_NOISY : Verdict.NO_DIFFERENCE;
  }

  /** The part of the CPU that others had in the median round of the two variants. */
  private double otherCpu(Comparison comparison) {
    return Bootstrap.median(
        results.rounds().stream()
            .filter(round -> round.failure() == null)
            .filter(
                round ->
                    round.variant().equals(comparison.base())
                        || round.variant().equals(comparison.other()))
            .mapToDouble(Round::otherCpu)
            .toArray());
  }

  private static boolean isTested(Comparison comparison) {
    return switch (comparison.verdict()) {
      case BETTER, WORSE, NO_DIFFERENCE, TOO_NOISY -> true;
      case TOO_FEW_ROUNDS, FAILED, NO_BASE -> false;
    };
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** A resample's ratio. Its base can be 0 where the whole side's isn't. */
  private static double ratio(double other, double base) {
    return base > 0 ? other / base : other > 0 ? Double.POSITIVE_INFINITY : 1;
  }

  private static Comparison with(Comparison comparison, Verdict verdict, String words) {
    return new Comparison(
        comparison.figure(),
        comparison.base(),
        comparison.other(),
        comparison.ratio(),
        comparison.interval(),
        comparison.pValue(),
        verdict,
        words);
  }
}
