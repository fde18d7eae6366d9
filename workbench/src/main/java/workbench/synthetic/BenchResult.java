package workbench.synthetic;

import java.util.List;
import java.util.Map;

/**
 * What came of a generator on one stack.
 *
 * @param generator its name
 * @param stack the providers, as {@code PHYSMEM/VMEM/HEAP}
 * @param threads threads that ran
 * @param calls requests and frees of one run
 * @param failures requests of the counted run that the tier could not serve
 * @param digest of all requests of the counted run: equal for equal requests
 * @param counts counted figures by name; those that depend on how threads interleave are of the
 *     counted run
 * @param wallNanos wall-clock nanoseconds of each timed run
 */
public record BenchResult(
    String generator,
    String stack,
    int threads,
    long calls,
    long failures,
    long digest,
    Map<String, Long> counts,
    List<Long> wallNanos) {
  private static final double SECOND = 1e9;

  /** Copies the times. */
  public BenchResult {
    wallNanos = List.copyOf(wallNanos);
  }

  /** {@return calls per second of the median run; of an even number of runs the slower middle} */
  public double median() {
    return perSecond(wallNanos.stream().sorted().toList().get(wallNanos.size() / 2));
  }

  /** {@return calls per second of the slowest run} */
  public double least() {
    return perSecond(wallNanos.stream().mapToLong(each -> each).max().orElseThrow());
  }

  /** {@return calls per second of the fastest run} */
  public double most() {
    return perSecond(wallNanos.stream().mapToLong(each -> each).min().orElseThrow());
  }

  private double perSecond(long nanos) {
    return calls * SECOND / Math.max(1, nanos);
  }
}
