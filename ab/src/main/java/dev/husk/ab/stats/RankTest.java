package dev.husk.ab.stats;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.apache.commons.numbers.combinatorics.BinomialCoefficientDouble;
import org.apache.commons.statistics.inference.MannWhitneyUTest;
import org.apache.commons.statistics.inference.PValueMethod;

/**
 * The two-sided Mann-Whitney test, exact for the numbers of rounds that runs have.
 *
 * <p>Implementation notes: without ties the p-value is the library's. With ties the library has
 * only the normal approximation, which is far off for a handful of rounds, and ties are common: the
 * rates of a sweep are few. So with ties it is counted here how many of the ways to deal the ranks
 * out give a sum as extreme as the one that was seen: the distribution given the ties, by the shift
 * algorithm of Streitberg and Röhmel (1986). Twice the smaller tail is the p-value, as in R's
 * {@code coin} and scipy's {@code PermutationMethod}.
 */
final class RankTest {
  /** More values than this on one side, and the approximation is as good. */
  private static final int EXACT_LIMIT = 50;

  private RankTest() {}

  /** The smallest p-value that so many values on the two sides can give; 1 for none on a side. */
  static double smallest(int first, int second) {
    if (first == 0 || second == 0) {
      return 1;
    }
    return Math.min(1, 2 / BinomialCoefficientDouble.value(first + second, first));
  }

  /** The p-value; NaN when a side has no values. */
  static double pValue(double[] first, double[] second) {
    if (first.length == 0 || second.length == 0) {
      return Double.NaN;
    }
    double[] all = DoubleStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
    boolean tied = Arrays.stream(all).distinct().count() < all.length;
    boolean small = Math.max(first.length, second.length) <= EXACT_LIMIT;
    if (small && tied) {
      return withTies(first, all);
    }
    return MannWhitneyUTest.withDefaults()
        .with(small ? PValueMethod.EXACT : PValueMethod.ASYMPTOTIC)
        .test(first, second)
        .getPValue();
  }

  private static double withTies(double[] first, double[] all) {
    Arrays.sort(all);
    int seen = 0;
    for (double value : first) {
      seen += doubledRank(all, value);
    }
    // ways[k][s]: how many sets of k values have doubled ranks of the sum s.
    int largest = all.length * (all.length + 1);
    double[][] ways = new double[first.length + 1][largest + 1];
    ways[0][0] = 1;
    for (double value : all) {
      int rank = doubledRank(all, value);
      for (int size = first.length; size > 0; size--) {
        for (int sum = largest; sum >= rank; sum--) {
          ways[size][sum] += ways[size - 1][sum - rank];
        }
      }
    }
    double[] sums = ways[first.length];
    double total = Arrays.stream(sums).sum();
    double below = Arrays.stream(sums, 0, seen + 1).sum() / total;
    double above = Arrays.stream(sums, seen, sums.length).sum() / total;
    return Math.min(1, 2 * Math.min(below, above));
  }

  /** Twice the mean rank of a value, a whole number also with ties. */
  private static int doubledRank(double[] sorted, double value) {
    int less = 0;
    int equal = 0;
    for (double each : sorted) {
      if (each < value) {
        less++;
      } else if (each == value) {
        equal++;
      }
    }
    return 2 * less + equal + 1;
  }
}
