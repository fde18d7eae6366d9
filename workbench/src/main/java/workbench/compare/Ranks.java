package workbench.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Ranks samples by their medians, the least first, and says which of them cannot be told from the
 * best: by {@link RankTest} against the best, the p-values adjusted for their number after Holm
 * (1979).
 */
public final class Ranks {
  /** Samples with an adjusted p-value from here on are not told apart. */
  public static final double LEVEL = 0.05;

  private Ranks() {}

  /**
   * The place of one sample.
   *
   * @param rank 1 for the least median; equal medians share a rank
   * @param median the median
   * @param pValue the adjusted p-value against the best; 1 for the best itself
   * @param toldApart whether it differs from the best beyond chance
   */
  public record Place(int rank, double median, double pValue, boolean toldApart) {}

  /**
   * {@return a place for each sample, in the order given}
   *
   * @param samples values of which less is better; none is empty
   */
  public static List<Place> of(List<double[]> samples) {
    double[] medians = samples.stream().mapToDouble(Timing::median).toArray();
    int best =
        IntStream.range(0, medians.length)
            .boxed()
            .min(Comparator.comparingDouble(i -> medians[i]))
            .orElse(-1);
    double[] adjusted = adjusted(samples, best);
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < medians.length; i++) {
      double own = medians[i];
      int rank = 1 + (int) samples.stream().filter(s -> Timing.median(s) < own).count();
      places.add(new Place(rank, own, adjusted[i], i != best && adjusted[i] < LEVEL));
    }
    return places;
  }

  private static double[] adjusted(List<double[]> samples, int best) {
    double[] plain = new double[samples.size()];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = i == best ? 1 : RankTest.pValue(samples.get(best), samples.get(i));
    }
    int[] order =
        IntStream.range(0, plain.length)
            .filter(i -> i != best)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> plain[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double floor = 0;
    for (int k = 0; k < order.length; k++) {
      floor = Math.max(floor, Math.min(1, plain[order[k]] * (order.length - k)));
      plain[order[k]] = floor;
    }
    return plain;
  }
}
