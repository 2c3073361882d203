package dev.husk.ab.stats;

/**
 * One variant against the first, in one figure.
 *
 * @param figure its id
 * @param base the first variant's name
 * @param other the other's
 * @param ratio the other's median divided by the base's; NaN where there is none
 * @param interval bootstrap confidence interval of that ratio
 * @param pValue of the two-sided Mann-Whitney test; NaN where there is none
 * @param verdict what may be said
 * @param words a sentence for people
 */
public record Comparison(
    String figure,
    String base,
    String other,
    double ratio,
    Interval interval,
    double pValue,
    Verdict verdict,
    String words) {

  /** What may be said of a difference. */
  public enum Verdict {
    BETTER,
    WORSE,
    /** The rounds don't show a difference; there may be one smaller than the interval. */
    NO_DIFFERENCE,
    /** Fewer rounds than any verdict needs. */
    TOO_FEW_ROUNDS,
    /** The machine was too noisy to say. */
    TOO_NOISY,
    /** The other variant failed or answered wrongly, which its speed doesn't outweigh. */
    FAILED,
    /** The base failed, so that there is nothing to compare with. */
    NO_BASE
  }
}
