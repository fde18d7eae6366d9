package physmem.buddy;

import static physmem.buddy.Geometry.BLOCK_FRAMES;
import static physmem.buddy.Geometry.MAX_ORDER;
import static physmem.buddy.Geometry.MOVABLE;
import static physmem.buddy.Geometry.NONE;

/**
 * One byte per frame of a zone: what begins at this frame of that which the free lists do not hold.
 *
 * <pre>
 *   7 .. 6   5 .. 4     3 .. 0
 * |  kind  | mobility |  order  |
 *
 *   0                  nothing begins here: free, inside a piece, a hole, or the kernel's
 *   00 11 order        CACHED: a free block in a per-CPU list
 *   01 mm order        BLOCK: a live range that is one piece
 *   10 mm order        RUN: the first piece of a live range of several pieces
 *   11 mm order        CONT: a further piece of the range that ends where this piece begins
 *   01 mm 1111         LEAVING: a block that a bulk free is about to take
 * </pre>
 *
 * <p>A piece is an aligned block of a power of two frames. Only first frames are written, so a
 * block costs one byte to allocate and one to free, whatever its size; freeing writes zero, so that
 * the nearest aligned non-zero byte at or below a frame decides whose the frame is. Bytes of
 * different frames may be written by different threads at once.
 */
final class LiveFrames {
  static final int CACHED = 0x30;
  static final int BLOCK = 0x40;
  static final int RUN = 0x80;
  static final int CONT = 0xC0;
  static final int KIND = 0xC0;
  static final int MOBILITY_BITS = 0x30;
  static final int MOBILITY_SHIFT = 4;
  static final int ORDER = 0x0F;
  static final int LEAVING = 0x0F;

  private final long base;
  private final long frames;
  private final long origin;

  /**
   * Lays the bytes over zeroed memory.
   *
   * @param base first frame, a multiple of the largest block
   * @param frames how many, a multiple of the largest block
   * @param address host address of {@code frames} bytes
   */
  LiveFrames(long base, long frames, long address) {
    this.base = base;
    this.frames = frames;
    this.origin = address - base;
  }

  boolean covers(long frame) {
    long index = frame - base;
    return index >= 0 && index < frames;
  }

  int at(long frame) {
    return Cells.getByte(origin + frame);
  }

  void set(long frame, int code) {
    Cells.putByte(origin + frame, code);
  }

  /** {@return eight frames' bytes at once, from a multiple of eight on} */
  long eightAt(long frame) {
    return Cells.getLong(origin + frame);
  }

  /** {@return the first frame of the piece that holds a frame, cached ones included, or NONE} */
  long pieceOf(long frame) {
    for (int order = 0; order <= MAX_ORDER; order++) {
      long first = frame & -(1L << order);
      int code = at(first);
      if (code != 0) {
        return (code & ORDER) >= order ? first : NONE;
      }
    }
    return NONE;
  }

  /** {@return the frames of a pageblock that are in movable live pieces which begin there} */
  int movableIn(long first) {
    int sum = 0;
    for (long at = first; at < first + BLOCK_FRAMES; at += Long.BYTES) {
      if (eightAt(at) != 0) {
        sum += movableInEight(at);
      }
    }
    return sum;
  }

  private int movableInEight(long first) {
    int sum = 0;
    for (long frame = first; frame < first + Long.BYTES; frame++) {
      int code = at(frame);
      if (isLive(code) && mobility(code) == MOVABLE) {
        sum += 1 << order(code);
      }
    }
    return sum;
  }

  /** {@return what a frame belongs to, for messages} */
  String describe(long frame) {
    long first = pieceOf(frame);
    int code = first == NONE ? 0 : at(first);
    String what =
        switch (kind(code)) {
          case BLOCK -> "a block";
          case RUN -> "the begin of a run, in a piece";
          case CONT -> "the inside of a run, in a piece";
          default -> "a free block in a per-CPU list";
        };
    return code == 0
        ? "nothing allocated"
        : "%s of order %d at 0x%x".formatted(what, order(code), first);
  }

  static int code(int kind, int mobility, int order) {
    return kind | (mobility << MOBILITY_SHIFT) | order;
  }

  static int order(int code) {
    return code & ORDER;
  }

  static int kind(int code) {
    return code & KIND;
  }

  static int mobility(int code) {
    return (code & MOBILITY_BITS) >>> MOBILITY_SHIFT;
  }

  /** {@return whether a piece of a live range begins with this code} */
  static boolean isLive(int code) {
    return kind(code) != 0;
  }

  /** {@return whether a code is that of a live block of the order, whatever its mobility} */
  static boolean isBlock(int code, int order) {
    return (code & (KIND | ORDER)) == (BLOCK | order) && order != LEAVING;
  }
}
