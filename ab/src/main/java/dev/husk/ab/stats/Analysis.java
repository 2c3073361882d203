package dev.husk.ab.stats;

import java.util.List;

/**
 * What the rounds say.
 *
 * @param summaries per variant and figure, in the order of both
 * @param comparisons per variant but the first, and figure
 * @param warnings what makes the verdicts doubtful, a sentence each
 * @param verdict the answer in a few sentences about the headline figures, a line for each other
 *     variant
 */
public record Analysis(
    List<Summary> summaries, List<Comparison> comparisons, List<String> warnings, String verdict) {

  /** A variant's summary in a figure; it must be one of this run's. */
  public Summary summary(String variant, String figure) {
    return summaries.stream()
        .filter(each -> each.variant().equals(variant) && each.figure().equals(figure))
        .findFirst()
        .orElseThrow();
  }

  /** A variant's comparison in a figure; it must be one of this run's. */
  public Comparison comparison(String other, String figure) {
    return comparisons.stream()
        .filter(each -> each.other().equals(other) && each.figure().equals(figure))
        .findFirst()
        .orElseThrow();
  }
}
