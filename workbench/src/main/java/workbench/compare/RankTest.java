package workbench.compare;

import java.util.Arrays;

/**
 * The rank-sum test of Mann and Whitney (1947), two-sided and exact, with mid-ranks for ties: the
 * distribution is that of all ways to deal the ranks at hand to the two samples, counted and not
 * approximated.
 */
public final class RankTest {
  private RankTest() {}

  /**
   * {@return the probability that samples from one distribution differ in rank sum by as much as
   * these do; 1 if a sample is empty}
   *
   * @param one a sample
   * @param other another
   */
  public static double pValue(double[] one, double[] other) {
    if (one.length == 0 || other.length == 0) {
      return 1;
    }
    int[] ranks = doubledRanks(one, other);
    int sum = Arrays.stream(ranks, 0, one.length).sum();
    int total = Arrays.stream(ranks).sum();
    double mean = (double) total * one.length / ranks.length;
    double[] ways = ways(ranks, one.length, total);
    double all = Arrays.stream(ways).sum();
    double extreme = 0;
    for (int at = 0; at < ways.length; at++) {
      extreme += Math.abs(at - mean) >= Math.abs(sum - mean) - 1e-9 ? ways[at] : 0;
    }
    return Math.min(1, extreme / all);
  }

  // Ranks of all values, those of `one` first, times two so that mid-ranks are whole.
  private static int[] doubledRanks(double[] one, double[] other) {
    double[] all = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, all, one.length, other.length);
    int[] ranks = new int[all.length];
    for (int i = 0; i < all.length; i++) {
      for (double value : all) {
        ranks[i] += value < all[i] ? 2 : value == all[i] ? 1 : 0;
      }
      ranks[i]++; // equal values count themselves once: below * 2 + equal + 1
    }
    return ranks;
  }

  // How many choices of `chosen` ranks have each sum.
  private static double[] ways(int[] ranks, int chosen, int total) {
    double[][] ways = new double[chosen + 1][total + 1];
    ways[0][0] = 1;
    for (int rank : ranks) {
      for (int k = chosen; k > 0; k--) {
        for (int sum = total; sum >= rank; sum--) {
          ways[k][sum] += ways[k - 1][sum - rank];
        }
      }
    }
    return ways[chosen];
  }
}
