package vmem.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Where an arena imports spans from: another arena, or the kernel.
 *
 * <p>Called by an arena while it serves a request, so it must not call that arena.
 */
@ConsumerType
public interface AddressSource {
  /** The answer of {@link #importSpan} when there is nothing to import. */
  long NONE = -1;

  /**
   * {@return the unit of the source in bytes, a power of two: imports are multiples of it, and the
   * spans it supplies begin at multiples of it}
   */
  default long quantum() {
    return 1;
  }

  /**
   * Supplies a span.
   *
   * @param size how many bytes are needed, a multiple of the arena's quantum and of {@link
   *     #quantum}
   * @param policy the policy of the request that caused the import
   * @return the base of a span of exactly that size, or {@link #NONE}
   */
  long importSpan(long size, FitPolicy policy);

  /**
   * Takes a span back that is entirely free.
   *
   * @param base the base that {@link #importSpan} returned
   * @param size the size that was imported
   */
  void releaseSpan(long base, long size);
}
