package physmem.api;

/**
 * Where a contiguous run of frames may lie, for devices with limited addressing.
 *
 * @param low the lowest first frame allowed
 * @param high the frame behind the last one allowed
 * @param align the first frame is a multiple of this many frames; a power of two, at least 1
 * @param boundary the run crosses no multiple of this many frames; a power of two, or 0 for none
 */
public record FrameConstraints(long low, long high, long align, long boundary) {
  /** No constraint. */
  public static final FrameConstraints ANYWHERE = new FrameConstraints(0, Long.MAX_VALUE, 1, 0);

  /** Checks that the numbers make sense. */
  public FrameConstraints {
    if (low < 0 || high <= low) {
      throw new IllegalArgumentException("frames [%d, %d) are none".formatted(low, high));
    }
    if (Long.bitCount(align) != 1 || (boundary != 0 && Long.bitCount(boundary) != 1)) {
      throw new IllegalArgumentException(
          "align %d and boundary %d must be powers of two".formatted(align, boundary));
    }
  }
}
