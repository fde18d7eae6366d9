package workbench.compare;

import java.util.List;
import workbench.Warmup;

/**
 * How the figures of each cell are taken.
 *
 * @param repeat runs of each cell, at least 1
 * @param seed the first run leaves the machine as it is; run k is perturbed with seed + k - 1. 0:
 *     no run is perturbed, so that repeats differ in wall-clock time alone
 * @param samples samples over time
 * @param timing whether wall-clock time is taken, after everything else
 * @param warmup untimed replays before the timed ones
 * @param jobs counted cells that run at once, at least 1
 * @param swaps exchanges of providers in the midst of each counted run
 */
public record Plan(
    int repeat,
    long seed,
    int samples,
    boolean timing,
    Warmup warmup,
    int jobs,
    List<SwapAt> swaps) {
  /** Checks the numbers. */
  public Plan {
    require(repeat >= 1, "--repeat", repeat);
    require(seed >= 0, "--seed", seed);
    require(samples >= 1, "--samples", samples);
    require(jobs >= 1, "--jobs", jobs);
    swaps = List.copyOf(swaps);
    if (timing && !swaps.isEmpty()) {
      throw new IllegalArgumentException("runs with exchanges are not timed");
    }
  }

  /** A plan without exchanges. */
  public Plan(int repeat, long seed, int samples, boolean timing, Warmup warmup, int jobs) {
    this(repeat, seed, samples, timing, warmup, jobs, List.of());
  }

  private static void require(boolean good, String name, long value) {
    if (!good) {
      throw new IllegalArgumentException(name + " " + value + " is too small");
    }
  }

  /** {@return the seed of a run, 0 for an unperturbed machine} */
  long seedOf(int run) {
    return run == 0 || seed == 0 ? 0 : seed + run - 1;
  }

  /** {@return the runs that counted figures need: repeats without a seed are equal} */
  int countedRuns() {
    return seed == 0 ? 1 : repeat;
  }

  /** {@return what of the plan the counted figures depend on} */
  String identity() {
    return "runs=%d seed=%d samples=%d swaps=%s".formatted(countedRuns(), seed, samples, swaps);
  }

  /** {@return what of the plan and of this JVM the wall-clock figures depend on besides} */
  String clockIdentity() {
    return "-timed-%d-%d-%s-%d"
        .formatted(
            repeat, warmup.passes(), Runtime.version(), Runtime.getRuntime().availableProcessors());
  }
}
