package dev.husk.ab.stats;

import dev.husk.ab.Figure;

/**
 * A comparison with what it rests on.
 *
 * @param comparison whose words may be missing still
 */
record Claim(Figure figure, Comparison comparison, Summary base, Summary other) {
  /** How the two compare in words: their ratio, or both medians where there is none, or "". */
  String effect() {
    if (!Double.isNaN(comparison.ratio())) {
      return Words.times(comparison.ratio(), comparison.interval());
    }
    return isMeasured()
        ? figure.format(other.median()) + " against " + figure.format(base.median())
        : "";
  }

  /** The same as it goes after the figure's name in a list. */
  String aside() {
    return Double.isNaN(comparison.ratio())
        ? " (" + effect() + ")"
        : " (" + Words.inParentheses(comparison.ratio(), comparison.interval()) + ")";
  }

  boolean isMeasured() {
    return !base.rounds().isEmpty() && !other.rounds().isEmpty();
  }

  boolean is(Comparison.Verdict verdict) {
    return comparison.verdict() == verdict;
  }
}
