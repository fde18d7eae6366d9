package workbench.compare;

import java.util.Arrays;
import java.util.List;

/**
 * The wall-clock figures of a cell: the only ones that differ from run to run.
 *
 * @param operations operations of one run
 * @param warmed operations replayed untimed beforehand
 * @param wallNanos nanoseconds of each run
 * @param percentiles points of the latency distribution in percent
 * @param latency nanoseconds at each of them, over all runs
 * @param medians the median latency of each run in nanoseconds
 * @param tails the 99th percentile of each run in nanoseconds
 */
public record Timing(
    long operations,
    long warmed,
    List<Long> wallNanos,
    List<Double> percentiles,
    List<Long> latency,
    List<Long> medians,
    List<Long> tails) {
  /** {@return nanoseconds per operation of each run} */
  public double[] nanosPerOperation() {
    return wallNanos.stream().mapToDouble(nanos -> (double) nanos / operations).toArray();
  }

  /** {@return the median over the runs of nanoseconds per operation} */
  public double median() {
    return median(nanosPerOperation());
  }

  /** {@return the fastest run's nanoseconds per operation} */
  public double least() {
    return Arrays.stream(nanosPerOperation()).min().orElse(Double.NaN);
  }

  /** {@return the slowest run's nanoseconds per operation} */
  public double most() {
    return Arrays.stream(nanosPerOperation()).max().orElse(Double.NaN);
  }

  /** {@return operations per second of the median run} */
  public double throughput() {
    return 1e9 / median();
  }

  /**
   * {@return the latency at a percentile in nanoseconds, from the nearest point above}
   *
   * @param percentile 0 to 100
   */
  public long latencyAt(double percentile) {
    for (int i = 0; i < percentiles.size(); i++) {
      if (percentiles.get(i) >= percentile) {
        return latency.get(i);
      }
    }
    return latency.getLast();
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
