package dev.husk.ab.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RankTestTest {
  private static final double EXACT = 1e-12;

  @Test
  void countsTheOrdersOfSeparatedRounds() {
    // Of the C(10,5) = 252 ways to deal ten ranks out, two separate them; C(8,4) = 70.
    assertEquals(
        2.0 / 252,
        RankTest.pValue(new double[] {1, 2, 3, 4, 5}, new double[] {6, 7, 8, 9, 10}),
        EXACT);
    assertEquals(
        2.0 / 70, RankTest.pValue(new double[] {1, 2, 3, 4}, new double[] {5, 6, 7, 8}), EXACT);
  }

  @Test
  void agreesWithThePermeabilityExampleOfR() {
    // Hollander and Wolfe (1973), 69 f., in R's page on wilcox.test; its two-sided p-value is from
    // scipy 1.17: mannwhitneyu(x, y, method='exact').
    double[] atTerm = {0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
    double[] early = {1.15, 0.88, 0.90, 0.74, 1.21};
    assertEquals(0.2544122544122544, RankTest.pValue(atTerm, early), EXACT);
  }

  @Test
  void isExactWithTies() {
    // scipy 1.17: permutation_test of mannwhitneyu's statistic, n_resamples=inf, two-sided.
    assertEquals(
        0.004329004329004329,
        RankTest.pValue(new double[] {7, 3, 6, 2, 8, 5}, new double[] {9, 12, 8, 11, 15, 10}),
        EXACT);
    assertEquals(
        0.1341991341991342,
        RankTest.pValue(new double[] {10, 10, 10, 12, 12}, new double[] {10, 12, 12, 14, 14, 14}),
        EXACT);
    assertEquals(
        0.4444444444444444,
        RankTest.pValue(new double[] {0, 0, 0, 0, 0}, new double[] {0, 0, 0, 1, 2}),
        EXACT);
  }

  @Test
  void seesNothingInEqualValues() {
    assertEquals(1, RankTest.pValue(new double[] {3, 3, 3, 3}, new double[] {3, 3, 3, 3}), EXACT);
  }

  @Test
  void isSymmetricAndNoSmallerThanTheSmallest() {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      double[] first = random.doubles(3 + i % 5).map(value -> Math.floor(8 * value)).toArray();
      double[] second = random.doubles(3 + i % 4).map(value -> Math.floor(12 * value)).toArray();
      double pValue = RankTest.pValue(first, second);
      assertEquals(pValue, RankTest.pValue(second, first), EXACT);
      assertTrue(pValue <= 1);
      assertTrue(pValue >= RankTest.smallest(first.length, second.length) - EXACT);
    }
  }

  @Test
  void needsFourRoundsOfEach() {
    assertEquals(0.1, RankTest.smallest(3, 3), EXACT);
    assertEquals(2.0 / 70, RankTest.smallest(4, 4), EXACT);
    assertEquals(1, RankTest.smallest(0, 9), EXACT);
    assertEquals(1, RankTest.smallest(1, 1), EXACT);
    assertEquals(Double.NaN, RankTest.pValue(new double[0], new double[] {1}));
  }
}
