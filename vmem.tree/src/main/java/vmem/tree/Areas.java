package vmem.tree;

import java.util.Arrays;

/**
 * The areas of one arena, which are the nodes of its trees: five longs each, in chunks of a
 * primitive array, named by an {@code int} handle. No Java object stands for an area.
 *
 * <pre>
 *   word 0  start      first address
 *   word 1  size       bytes: in whole quanta; of a live range what its client asked for
 *   word 2  children   63..32 left   31..0 right
 *   word 3  up         63..32 parent   1 imported   0 red
 *   word 4  max        free: the largest size in the subtree
 *                      live: the size with the rest of the last quantum and the guard
 *                      lazy, while a batch is purged: the next one
 *                      span on its way out: the next one
 * </pre>
 *
 * <p>Handle 0 is nobody: black, of size 0, without relatives. Chunks are added as areas are needed,
 * never moved and never given back before the arena ends, so growing costs the time to clear one.
 * Guarded by the arena's lock.
 */
final class Areas {
  /** Nobody. */
  static final int NIL = 0;

  /** The side of lower addresses. */
  static final int LEFT = 0;

  /** The side of higher addresses. */
  static final int RIGHT = 1;

  /**
   * The most areas that an operation can consume: an imported span, the free area in it, the live
   * range, and the rest on its other side.
   */
  static final int WORST_CASE = 4;

  private static final int WORDS = 5;
  private static final int START = 0;
  private static final int SIZE = 1;
  private static final int CHILDREN = 2;
  private static final int UP = 3;
  private static final int MAX = 4;
  private static final int CHUNK_SHIFT = 10; // 40 KiB a chunk: little for a small arena
  private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;
  private static final long LOW = 0xffff_ffffL;
  private static final long RED = 1;
  private static final long IMPORTED = 2;

  private final long most;
  private long[][] chunks = {new long[WORDS << CHUNK_SHIFT]};
  private int chunkCount = 1;
  private int fresh = 1; // the first handle that was never used
  private int idle = NIL; // the list of those that were given back
  private long used;

  /**
   * Makes the store.
   *
   * @param most how many areas there may be at once
   */
  Areas(long most) {
    this.most = most;
  }

  /**
   * Makes sure that so many areas can be made, so that an operation cannot fail half way.
   *
   * @return false if that is above the limit, or the host has no memory for them
   */
  boolean reserve(long count) {
    boolean enough = used + count <= most;
    while (enough && used + count >= (long) chunkCount << CHUNK_SHIFT) { // one is nobody
      enough = addChunk();
    }
    return enough;
  }

  private boolean addChunk() {
    try {
      if (chunkCount == chunks.length) {
        chunks = Arrays.copyOf(chunks, 2 * chunkCount);
      }
      chunks[chunkCount] = new long[WORDS << CHUNK_SHIFT];
    } catch (OutOfMemoryError e) {
      return false; // the caller answers as for any other exhaustion
    }
    chunkCount++;
    return true;
  }

  /** {@return an area outside of all trees; {@link #reserve} has made sure that there is one} */
  int create(long start, long size) {
    int area = idle == NIL ? fresh++ : idle;
    idle = idle == NIL ? NIL : (int) max(area);
    used++;
    setStart(area, start);
    setSize(area, size);
    setMax(area, size);
    chunk(area)[at(area) + UP] = 0;
    return area;
  }

  /** Keeps an area that is in no tree any more for later use. */
  void destroy(int area) {
    setSize(area, 0);
    setMax(area, idle);
    idle = area;
    used--;
  }

  /** {@return the number of areas there are} */
  long used() {
    return used;
  }

  /** {@return bytes of memory in areas, used or not} */
  long bytes() {
    return ((long) chunkCount << CHUNK_SHIFT) * WORDS * Long.BYTES;
  }

  // Addresses.

  /** {@return the first address} */
  long start(int area) {
    return chunk(area)[at(area) + START];
  }

  /** {@return the size in bytes} */
  long size(int area) {
    return chunk(area)[at(area) + SIZE];
  }

  /** {@return the last address} */
  long last(int area) {
    long[] chunk = chunk(area);
    int at = at(area);
    return chunk[at + START] + chunk[at + SIZE] - 1;
  }

  /** {@return the last word: see the class for what it means} */
  long max(int area) {
    return chunk(area)[at(area) + MAX];
  }

  /** Moves the first address. */
  void setStart(int area, long start) {
    chunk(area)[at(area) + START] = start;
  }

  /** Sets the size. */
  void setSize(int area, long size) {
    chunk(area)[at(area) + SIZE] = size;
  }

  /** Sets the last word. */
  void setMax(int area, long max) {
    chunk(area)[at(area) + MAX] = max;
  }

  // Relatives.

  /** {@return the child on a side} */
  int child(int area, int side) {
    long children = chunk(area)[at(area) + CHILDREN];
    return (int) (side == LEFT ? children >>> 32 : children);
  }

  /** Sets the child on a side, but not that child's parent. */
  void setChild(int area, int side, int child) {
    long[] chunk = chunk(area);
    int at = at(area) + CHILDREN;
    chunk[at] =
        side == LEFT ? chunk[at] & LOW | (long) child << 32 : chunk[at] & ~LOW | (long) child;
  }

  /** Makes an area a red leaf below a parent. */
  void setLeaf(int area, int parent) {
    long[] chunk = chunk(area);
    int at = at(area);
    chunk[at + CHILDREN] = 0;
    chunk[at + UP] = (long) parent << 32 | chunk[at + UP] & IMPORTED | RED;
  }

  /** {@return the parent} */
  int parent(int area) {
    return (int) (chunk(area)[at(area) + UP] >>> 32);
  }

  /** Sets the parent, but not that parent's child. */
  void setParent(int area, int parent) {
    long[] chunk = chunk(area);
    int at = at(area) + UP;
    chunk[at] = chunk[at] & LOW | (long) parent << 32;
  }

  /** {@return whether the area is red} */
  boolean isRed(int area) {
    return (chunk(area)[at(area) + UP] & RED) != 0;
  }

  /** Colours the area. */
  void setRed(int area, boolean red) {
    long[] chunk = chunk(area);
    int at = at(area) + UP;
    chunk[at] = red ? chunk[at] | RED : chunk[at] & ~RED;
  }

  /** {@return whether the span came from a source} */
  boolean isImported(int area) {
    return (chunk(area)[at(area) + UP] & IMPORTED) != 0;
  }

  /** Notes that a span came from a source. */
  void setImported(int area) {
    chunk(area)[at(area) + UP] |= IMPORTED;
  }

  private long[] chunk(int area) {
    return chunks[area >>> CHUNK_SHIFT];
  }

  private static int at(int area) {
    return (area & CHUNK_MASK) * WORDS;
  }
}
