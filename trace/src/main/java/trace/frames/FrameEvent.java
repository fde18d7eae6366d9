package trace.frames;

/**
 * One event of a frame trace.
 *
 * @param operation what happens
 * @param id the block's id; -1 for a change of CPU
 * @param order the block is 2^order frames large; 0 for a free or a change of CPU
 * @param flags what is asked for: the bits of {@link physmem.api.FrameFlags} for mobility, zone,
 *     {@code ATOMIC} and {@code NO_RETRY}, and {@link #ZEROED}; 0 for a free or a change of CPU
 * @param cpu the CPU that the event happens on, from 0
 */
public record FrameEvent(Operation operation, long id, int order, int flags, int cpu) {
  /** The frames are to be zero. */
  public static final int ZEROED = 1 << 6;

  /** The largest order: 2^20 frames are 4 GiB, more than any kernel gives at once. */
  public static final int LARGEST_ORDER = 20;

  /** All bits that {@code flags} may have. */
  public static final int FLAG_BITS = (ZEROED << 1) - 1;

  /** What happens. */
  public enum Operation {
    /** A block is allocated. */
    ALLOCATE,
    /** A block is freed. */
    FREE,
    /** What follows happens on another CPU. */
    CPU
  }
}
