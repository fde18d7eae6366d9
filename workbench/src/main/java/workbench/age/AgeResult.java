package workbench.age;

import java.util.List;

/**
 * How a provider's machine aged.
 *
 * @param physmem the provider
 * @param map the firmware map
 * @param compaction whether the provider was asked to compact
 * @param frames frames of RAM that could be asked for
 * @param cpus CPUs that asked
 * @param days the machine as booted, then each day
 */
public record AgeResult(
    String physmem, String map, boolean compaction, long frames, int cpus, List<AgeDay> days) {
  /** Copies the days. */
  public AgeResult {
    days = List.copyOf(days);
  }

  /** {@return what tables call this run} */
  public String label() {
    return compaction ? physmem + "+compact" : physmem;
  }
}
