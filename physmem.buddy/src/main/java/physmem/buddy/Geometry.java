package physmem.buddy;

/** The sizes that the whole module shares, and the migrate types. Frames are the unit. */
final class Geometry {
  /** Largest order of the buddy: 4 MiB of 4 KiB frames, as Linux on x86-64 has it. */
  static final int MAX_ORDER = 10;

  /** Number of orders. */
  static final int ORDERS = MAX_ORDER + 1;

  /** Order of a pageblock: a huge page of x86-64. */
  static final int BLOCK_ORDER = 9;

  /** Frames in a pageblock. */
  static final int BLOCK_FRAMES = 1 << BLOCK_ORDER;

  /** Frames in a block of the largest order; metadata begins and ends on multiples of it. */
  static final int MAX_FRAMES = 1 << MAX_ORDER;

  /** Largest order that the kernel tries hard for, and the largest low order in per-CPU lists. */
  static final int COSTLY_ORDER = 3;

  /** Migrate type of frames that stay where they are. */
  static final int UNMOVABLE = 0;

  /** Migrate type of frames whose contents can move. */
  static final int MOVABLE = 1;

  /** Migrate type of frames that can be given up. */
  static final int RECLAIMABLE = 2;

  /** Number of migrate types. */
  static final int TYPES = 3;

  /** No frame, no block. */
  static final long NONE = -1;

  private Geometry() {}

  static long roundDown(long frame, long multiple) {
    return frame & -multiple;
  }

  static long roundUp(long frame, long multiple) {
    return (frame + multiple - 1) & -multiple;
  }

  /** {@return the order of the largest aligned block that begins at a frame and ends by a limit} */
  static int orderAt(long frame, long limit) {
    int fits = Long.SIZE - 1 - Long.numberOfLeadingZeros(limit - frame);
    return Math.min(MAX_ORDER, Math.min(fits, Long.numberOfTrailingZeros(frame)));
  }
}
