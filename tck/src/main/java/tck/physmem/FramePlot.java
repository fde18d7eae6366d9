package tck.physmem;

import physmem.api.FrameFlags;

/**
 * RAM that lies in one zone of one node, whichever rule for zones an engine follows.
 *
 * @param start the first frame
 * @param end the frame behind the last
 * @param movable whether only movable blocks may go there
 */
record FramePlot(long start, long end, boolean movable) {
  /** The first frame that is not in the zone DMA, at 16 MiB. */
  static final long DMA_END = 1L << 12;

  /** The first frame that is not in the zone DMA32, at 4 GiB. */
  static final long DMA32_END = 1L << 20;

  /** {@return the frame behind the last that a request's flags allow} */
  static long limit(int flags) {
    return switch (flags & FrameFlags.ZONE_MASK) {
      case FrameFlags.DMA -> DMA_END;
      case FrameFlags.DMA32 -> DMA32_END;
      default -> Long.MAX_VALUE;
    };
  }

  /** {@return whether a request with these flags may be met from here} */
  boolean serves(int flags) {
    boolean moves =
        (flags & FrameFlags.ZONE_MASK) == 0 && FrameFlags.mobility(flags) == FrameFlags.MOVABLE;
    return end <= limit(flags) && (!movable || moves);
  }
}
