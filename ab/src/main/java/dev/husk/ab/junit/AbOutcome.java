package dev.husk.ab.junit;

import dev.husk.ab.Figure;
import dev.husk.ab.Results;
import dev.husk.ab.stats.Analysis;
import dev.husk.ab.stats.Comparison;
import java.nio.file.Path;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/**
 * What an A/B run of a test has found.
 *
 * <p>The assertions fail where the rounds show it, and not by chance more often than once in twenty
 * times. Where they can't say, because the machine was too noisy or the rounds too few, the test is
 * aborted with the reason, which JUnit reports as skipped.
 *
 * @param results every round
 * @param analysis what they say
 * @param directory where {@code report.html}, {@code results.json} and the logs are
 */
public record AbOutcome(Results results, Analysis analysis, Path directory) {
  /** Fails when Husk is slower: in throughput, or in p99 at a fixed rate; or when it failed. */
  public void assertNotSlower() {
    assertNotWorse(results.headline().getFirst());
  }

  /** Fails when Husk takes more CPU for a request, or more memory; or when it failed. */
  public void assertNotHungrier() {
    assertNotWorse(Figure.CPU.id());
    assertNotWorse(Figure.RSS.id());
  }

  /**
   * Fails when Husk is worse in a figure, or failed.
   *
   * @param figure its {@link Figure#id}
   */
  public void assertNotWorse(String figure) {
    assertNotWorse("husk", figure);
  }

  /**
   * Fails when a variant is worse than the first one in a figure, or failed.
   *
   * @param variant its name
   * @param figure its {@link Figure#id}
   */
  public void assertNotWorse(String variant, String figure) {
    Comparison comparison = analysis.comparison(variant, figure);
    String words = comparison.words() + "; see " + directory.resolve("report.html");
    switch (comparison.verdict()) {
      case BETTER, NO_DIFFERENCE -> {}
      case WORSE, FAILED -> throw new AssertionFailedError(words);
      case TOO_FEW_ROUNDS, TOO_NOISY, NO_BASE -> throw new TestAbortedException(words);
    }
  }
}
