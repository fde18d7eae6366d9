package allocator.api;

/**
 * The figures of a census that two allocators must agree on before one takes over from the other.
 *
 * @param liveCount number of live ranges
 * @param liveUnits their sum in the tier's unit: frames for physmem, bytes for vmem and heap
 * @param managedUnits what the allocator holds from below (heap: its footprint; vmem: its spans;
 *     physmem: the frames it was given), in the tier's unit
 * @param checksum an order-free hash over all live ranges: the sum of {@link #mix} of each
 */
public record CensusSummary(long liveCount, long liveUnits, long managedUnits, long checksum) {
  /** The census of an allocator that holds nothing and has handed out nothing. */
  public static final CensusSummary EMPTY = new CensusSummary(0, 0, 0, 0);

  private static final long MIX_BASE = 0x9E3779B97F4A7C15L; // 2^64 / golden ratio: spreads low bits
  private static final long MIX_SIZE = 0xC2B2AE3D27D4EB4FL; // an odd constant with many bit changes

  /**
   * Hashes one live range; summing the hashes gives a checksum that does not depend on the order of
   * the walk.
   *
   * @param base first frame or address
   * @param size length in the tier's unit
   * @return the hash of the range
   */
  public static long mix(long base, long size) {
    long hash = (base ^ Long.rotateLeft(size, 32)) * MIX_BASE;
    hash = (hash ^ (hash >>> 29)) * MIX_SIZE;
    return hash ^ (hash >>> 32);
  }
}
