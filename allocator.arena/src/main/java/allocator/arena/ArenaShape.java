package allocator.arena;

import java.util.Optional;

/**
 * The description of an arena to be made.
 *
 * @param name what messages call it
 * @param quantum the unit, a power of two; every base is a multiple of it, and a range takes up
 *     whole quanta
 * @param source where to import spans from when the arena is out of them; empty for none
 * @param quantumCacheMax the largest size that is served from a cache of equal ranges, a multiple
 *     of the quantum; 0 for no caches
 * @param unit what the integers count, for messages and figures: {@code bytes}, {@code frames} …
 */
public record ArenaShape(
    String name, long quantum, Optional<SpanSource> source, long quantumCacheMax, String unit) {
  /** Checks that the quantum is a power of two. */
  public ArenaShape {
    if (Long.bitCount(quantum) != 1) {
      throw new IllegalArgumentException(
          "arena %s: quantum %d is no power of two".formatted(name, quantum));
    }
  }

  /**
   * {@return an arena of bytes that is filled by hand}
   *
   * @param name what messages call it
   * @param quantum the unit, a power of two
   */
  public static ArenaShape of(String name, long quantum) {
    return new ArenaShape(name, quantum, Optional.empty(), 0, "bytes");
  }
}
