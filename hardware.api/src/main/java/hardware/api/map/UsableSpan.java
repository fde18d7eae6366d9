package hardware.api.map;

/**
 * A run of whole page frames that may be allocated, with its NUMA node.
 *
 * @param start address of the first frame in bytes, a multiple of the page size
 * @param end address in bytes after the last frame, a multiple of the page size
 * @param node NUMA node of all its bytes, or {@link #SEVERAL_NODES}
 */
public record UsableSpan(long start, long end, int node) {
  /** The node of a span whose bytes belong to more than one. */
  public static final int SEVERAL_NODES = -1;

  /** {@return bytes in the span} */
  public long size() {
    return end - start;
  }
}
