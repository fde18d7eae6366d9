package vmem.api;

import java.util.Optional;

/**
 * The description of an arena to be made.
 *
 * @param name what reports call it; unique within the engine
 * @param quantum the unit of the arena in bytes, a power of two; every base and size is a multiple
 * @param source where to import spans from when the arena is out of them; empty for none
 * @param quantumCacheMax the largest size that is served from a cache of equal ranges, a multiple
 *     of the quantum; 0 for no caches
 * @param identifier true if the integers are identifiers and not addresses, for reports
 */
public record ArenaSpec(
    String name,
    long quantum,
    Optional<AddressSource> source,
    long quantumCacheMax,
    boolean identifier) {
  /** Checks that the quantum is a power of two. */
  public ArenaSpec {
    if (Long.bitCount(quantum) != 1) {
      throw new IllegalArgumentException(
          "arena %s: quantum %d is no power of two".formatted(name, quantum));
    }
  }

  /**
   * {@return an arena of addresses that is filled by hand}
   *
   * @param name what reports call it
   * @param quantum the unit in bytes, a power of two
   */
  public static ArenaSpec of(String name, long quantum) {
    return new ArenaSpec(name, quantum, Optional.empty(), 0, false);
  }
}
