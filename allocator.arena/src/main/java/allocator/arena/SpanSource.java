package allocator.arena;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Where an arena imports spans from: the import function of the original. Another arena, or
 * whatever the tier below offers.
 *
 * <p>Called by an arena while it serves a request and without its lock, so it must not call that
 * arena.
 */
@ConsumerType
public interface SpanSource {
  /** The answer of {@link #importSpan} when there is nothing to import. */
  long NONE = -1;

  /**
   * {@return the unit of the source, a power of two: imports are multiples of it, and the spans it
   * supplies begin at multiples of it}
   */
  default long quantum() {
    return 1;
  }

  /**
   * Supplies a span.
   *
   * @param size how much is needed, a multiple of the arena's quantum and of {@link #quantum}
   * @param fit the policy of the request that caused the import
   * @return the base of a span of exactly that size, or {@link #NONE}
   */
  long importSpan(long size, Fit fit);

  /**
   * Takes a span back that is entirely free.
   *
   * @param base the base that {@link #importSpan} returned
   * @param size the size that was imported
   */
  void releaseSpan(long base, long size);
}
