package dev.husk.ab.report;

import dev.husk.ab.stats.Comparison.Verdict;

/**
 * How a verdict looks.
 *
 * @param symbol a sign before the words, so that colour isn't all
 * @param words as a label
 * @param brief one word, for narrow columns
 * @param style the CSS class
 */
record Mark(String symbol, String words, String brief, String style) {
  static Mark of(Verdict verdict) {
    return switch (verdict) {
      case BETTER -> new Mark("▲", "better", "better", "better");
      case WORSE -> new Mark("▼", "worse", "worse", "worse");
      case NO_DIFFERENCE -> new Mark("=", "no difference", "same", "same");
      case TOO_FEW_ROUNDS -> new Mark("…", "too few rounds", "few", "unsure");
      case TOO_NOISY -> new Mark("?", "too noisy to say", "noisy", "unsure");
      case FAILED -> new Mark("✕", "failed", "failed", "failed");
      case NO_BASE -> new Mark("✕", "base failed", "no base", "failed");
    };
  }
}
