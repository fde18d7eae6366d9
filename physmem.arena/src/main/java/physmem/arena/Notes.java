package physmem.arena;

import physmem.api.FrameFlags;

/**
 * What a live range of frames remembers of its request, in the note that the engine keeps with it.
 *
 * <pre>
 *   18 begun below   17 goes on above   16 run   15..0 flags
 * </pre>
 *
 * A run that lies in two zones is a live range in each; the two upper bits make them one again.
 */
final class Notes {
  /** The range was allocated as a run and not as a block. */
  static final int RUN = 1 << 16;

  /** The run goes on in the zone above. */
  static final int ABOVE = 1 << 17;

  /** The run began in the zone below. */
  static final int BELOW = 1 << 18;

  /** The run is not all in this zone. */
  static final int CROSSING = ABOVE | BELOW;

  /** All that a note may have. */
  static final int ALL = (1 << 19) - 1;

  private static final int FLAGS = RUN - 1;

  private Notes() {}

  /** {@return the note of a block} */
  static int block(int flags) {
    return flags & FLAGS;
  }

  /** {@return the note of a run, or of a part of one} */
  static int run(int flags, boolean begunBelow, boolean goesOn) {
    return (flags & FLAGS) | RUN | (begunBelow ? BELOW : 0) | (goesOn ? ABOVE : 0);
  }

  /** {@return whether a range is a block with its alignment, as far as its size and note tell} */
  static boolean isBlock(long base, long size, long note) {
    return (note & RUN) == 0 && Long.bitCount(size) == 1 && (base & (size - 1)) == 0;
  }

  /** {@return the attributes that a walk shows} */
  static long attributes(long base, long size, long note) {
    int order = isBlock(base, size, note) ? Long.numberOfTrailingZeros(size) : FrameFlags.RUN;
    return FrameFlags.attributes(order, (int) note & FLAGS);
  }
}
