package heap.api;

/**
 * A call of a heap, as something to be explained.
 *
 * @param kind which call
 * @param cpu index of the calling CPU
 * @param address the block to be resized or freed; 0 for the others
 * @param align the alignment asked for, a power of two; 0 for none
 * @param bytes the size asked for; 0 for a free
 */
public record HeapRequest(Kind kind, int cpu, long address, long align, long bytes) {
  /** Which call. */
  public enum Kind {
    /** {@link HeapEngine#allocate}. */
    ALLOCATE,
    /** {@link HeapEngine#allocateZeroed}. */
    ZEROED,
    /** {@link HeapEngine#allocateAligned}. */
    ALIGNED,
    /** {@link HeapEngine#resize}. */
    RESIZE,
    /** {@link HeapEngine#free}. */
    FREE
  }
}
