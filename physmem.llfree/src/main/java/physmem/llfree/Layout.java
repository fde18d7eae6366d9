package physmem.llfree;

/*
 *  word, 32 frames:   | 63 .. 32 head | 31 .. 0 allocated |
 *
 *  frame's two bits:  allocated, head   1 1  a live range begins here
 *                                       1 0  the range goes on
 *                                       0 0  free
 *                                       0 1  not ours: a hole, or the kernel's; if it is ours:
 *                                            pending, a range that is being made or freed begins
 *
 *  child, 16 bits:    | 15 - | 14 HUGE | 13 CONT | 12 BUSY | 11 ABSENT | 10 TOUCHED | 9 .. 0 used |
 *                     HUGE and ABSENT: a pending range begins here and has the whole child
 *
 *  tree, 32 bits:     | 31 RESERVED | 30 .. 0 used |
 *
 *  reservation:       | 63 .. 20 index of a word + 1, or 0 | 19 .. 0 free |
 */

/** The sizes and fields of the metadata. Frames are the unit unless a name says otherwise. */
final class Layout {
  /** Largest order served: two adjacent children. */
  static final int MAX_ORDER = 10;

  /** Number of orders. */
  static final int ORDERS = MAX_ORDER + 1;

  /** Frames whose both bits are in one word, so that one compare-and-set changes all of them. */
  static final int WORD_FRAMES = 32;

  /** Order of a block that is a whole word. */
  static final int WORD_ORDER = 5;

  /** Order of a child: a huge page of x86-64. */
  static final int CHILD_ORDER = 9;

  /** Frames of a child. */
  static final int CHILD_FRAMES = 1 << CHILD_ORDER;

  /** Words of a child. */
  static final int CHILD_WORDS = CHILD_FRAMES / WORD_FRAMES;

  /** The child is allocated as a whole; its words are zero. */
  static final int HUGE = 1 << 14;

  /** The child's first frame goes on a range that began before it; only with HUGE. */
  static final int CONT = 1 << 13;

  /** A thread is writing the words of a HUGE child, which will cease to be one. */
  static final int BUSY = 1 << 12;

  /** No frame of the child is ours. */
  static final int ABSENT = 1 << 11;

  /** A pending range begins with the child and has all of it. */
  static final int PENDING_CHILD = HUGE | ABSENT;

  /** The child's words have been written once; stays for good, for the account of memory. */
  static final int TOUCHED = 1 << 10;

  /** Selects the number of frames of a child that are not free. */
  static final int CHILD_USED = TOUCHED - 1;

  /** Selects a child's entry in the pair that it shares an int with. */
  static final int ENTRY_MASK = 0xFFFF;

  /** A CPU has reserved the tree. */
  static final int RESERVED = 1 << 31;

  /** State of a frame: free. */
  static final int FREE = 0;

  /** State of a frame: allocated, and not the first of its range. */
  static final int INNER = 1;

  /** State of a frame: not ours, or the first of a pending range. */
  static final int FOREIGN = 2;

  /** State of a frame: the first of a live range. */
  static final int HEAD = 3;

  /** No slot, no frame. */
  static final long NONE = -1;

  private Layout() {}

  static long roundDown(long frame, long multiple) {
    return frame & -multiple;
  }

  static int roundDownInt(int number, int multiple) {
    return number & -multiple;
  }

  static long roundUp(long frame, long multiple) {
    return (frame + multiple - 1) & -multiple;
  }
}
