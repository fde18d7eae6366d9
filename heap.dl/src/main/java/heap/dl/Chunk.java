package heap.dl;

import hardware.api.Window;

/**
 * The layout of a chunk in simulated memory: offsets, flag bits and the few words that are written
 * together. A chunk is named by its address, which is 16 bytes below the block that a client sees.
 *
 * <pre>
 *  offset   63                                                        4   2   1   0
 *        +----------------------------------------------------------------------------+
 *    +0  | foot of the chunk below: its size, if that chunk is free                   |
 *        +------------------------------------------------------------+---+---+---+---+
 *    +8  | size of this chunk, a multiple of 16                       | 0 | 4 | C | P |
 *        +============================================================================+
 *   +16  | in use: the client's bytes; they run on over the foot word of the next     |
 *        | free:   fd, the next chunk of the list or ring                             |
 *   +24  | free:   bk, the previous chunk of the list or ring                         |
 *        +----------------------------------------------------------------------------+
 *   +32  | free, 256 bytes or more: child[0]                                          |
 *   +40  |                          child[1]                                          |
 *   +48  |                          parent; 0 in a ring, bin number + 1 at a root     |
 *   +56  |                          bin number, 4 bytes                               |
 *        +----------------------------------------------------------------------------+
 *
 *  P = 1: the chunk below is in use        C = 1: this chunk is in use
 *  P = C = 0: a chunk with a span of its own; its foot word is its distance from the span's start
 *  4: the chunk is a segment record, not a client's block (the original leaves the bit unused)
 * </pre>
 */
final class Chunk {
  /** Distance from a chunk to its head word. */
  static final long HEAD = 8;

  /** Distance from a chunk to the block that a client sees. */
  static final long MEM = 16;

  /** Distance from a free chunk to its forward link. */
  static final long FD = 16;

  /** Distance from a free chunk to its backward link. */
  static final long BK = 24;

  /** Distance from a free large chunk to its first child; the second follows 8 bytes on. */
  static final long CHILD = 32;

  /** Distance from a free large chunk to its parent link. */
  static final long PARENT = 48;

  /** Distance from a free large chunk to its bin number. */
  static final long INDEX = 56;

  /** The chunk below is in use. */
  static final long PINUSE = 1;

  /** This chunk is in use. */
  static final long CINUSE = 2;

  /** The chunk holds a segment record; the original leaves this bit to extensions. */
  static final long FLAG4 = 4;

  /** Both in-use bits. */
  static final long INUSE = PINUSE | CINUSE;

  /** Every flag bit; the rest of the head is the size. */
  static final long FLAGS = PINUSE | CINUSE | FLAG4;

  /** The bits of a head that decide about an ordinary chunk in use: C set, 4 and 8 clear. */
  static final long KIND = CINUSE | FLAG4 | 8;

  /** Alignment of blocks, and the unit of chunk sizes: two words, as the x86-64 ABI wants it. */
  static final long ALIGN = 16;

  /** The smallest chunk: two words of head and two links. */
  static final long LEAST = 32;

  /** The first size that is kept in trees; below it each size has a list of its own. */
  static final long LARGE = 256;

  /** The head of a fence: in use, with the size of one word, which no chunk has. */
  static final long FENCE = INUSE | 8;

  /** Room for a segment record as a chunk: 32 bytes of record, a head word, rounded up. */
  static final long RECORD = 48;

  /** What every segment keeps free at its end: a record and the smallest chunk as fences. */
  static final long TOP_FOOT = RECORD + LEAST;

  /** What growth adds to a request, so that it can be served for certain: foot and alignment. */
  static final long GROWTH_PAD = TOP_FOOT + ALIGN;

  /** Words behind a chunk with a span of its own: a fence and a null head. */
  static final long DIRECT_FOOT = 32;

  /** Overhead of a chunk with a span of its own: foot and head word are both in use. */
  static final long DIRECT_OVERHEAD = 16;

  /** What growth adds to a request that gets a span of its own: six words and alignment. */
  static final long DIRECT_PAD = 48 + ALIGN - 1;

  /** Requests above this fail at once, so that sums of sizes stay positive. */
  static final long MOST_REQUEST = 1L << 62;

  private Chunk() {}

  static long head(Window w, long chunk) {
    return w.getLong(chunk + HEAD);
  }

  static void head(Window w, long chunk, long value) {
    w.putLong(chunk + HEAD, value);
  }

  static long size(Window w, long chunk) {
    return w.getLong(chunk + HEAD) & ~FLAGS;
  }

  static long next(Window w, long chunk) {
    return chunk + size(w, chunk);
  }

  /** {@return whether a chunk is in use, with its own span or without} */
  static boolean inUse(Window w, long chunk) {
    return (w.getLong(chunk + HEAD) & INUSE) != PINUSE;
  }

  static boolean previousInUse(Window w, long chunk) {
    return (w.getLong(chunk + HEAD) & PINUSE) != 0;
  }

  /** {@return whether a chunk has a span of its own} */
  static boolean direct(Window w, long chunk) {
    return (w.getLong(chunk + HEAD) & INUSE) == 0;
  }

  /** Makes a chunk free, below it one in use, above it one whose P bit is already clear. */
  static void free(Window w, long chunk, long size) {
    w.putLong(chunk + HEAD, size | PINUSE);
    w.putLong(chunk + size, size);
  }

  /** Makes a chunk free, below it one in use, and tells the chunk above. */
  static void freeBelow(Window w, long chunk, long size, long above) {
    w.putLong(above + HEAD, w.getLong(above + HEAD) & ~PINUSE);
    free(w, chunk, size);
  }

  /** Sets the P bit of the chunk above. */
  static void tellAbove(Window w, long above) {
    w.putLong(above + HEAD, w.getLong(above + HEAD) | PINUSE);
  }
}
