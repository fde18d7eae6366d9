package kernel.backing;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Which frames stand behind which cluster of pages: a hash table in primitive arrays, linear
 * probing, deletion by shifting back.
 *
 * <p>An entry is reached by its index, which is valid until the next {@link #add} or {@link
 * #remove}. Not safe for use by several threads.
 */
final class ClusterTable {
  /** The frame of a cluster that is not one block: each of its pages has a frame of its own. */
  static final long SCATTERED = -2;

  private static final long[] NO_PAGES = {};
  private static final int INITIAL = 64;

  private long[] keys = new long[INITIAL];
  private long[] frames = new long[INITIAL];
  private long[] masks = new long[INITIAL];
  private long[][] pages = new long[INITIAL][];
  private boolean[] used = new boolean[INITIAL];
  private boolean[] waiting = new boolean[INITIAL];
  private int size;

  /** {@return the index of a cluster, or -1} */
  int find(long cluster) {
    int i = home(cluster);
    while (used[i]) {
      if (keys[i] == cluster) {
        return i;
      }
      i = next(i);
    }
    return -1;
  }

  /**
   * Adds a cluster that is not there.
   *
   * @param frame the first frame of its block, or {@link #SCATTERED}
   * @param pageCount the number of pages of a cluster
   * @return its index
   */
  int add(long cluster, long frame, int pageCount) {
    if (2 * (size + 1) > keys.length) {
      grow();
    }
    int i = home(cluster);
    while (used[i]) {
      i = next(i);
    }
    used[i] = true;
    keys[i] = cluster;
    frames[i] = frame;
    masks[i] = 0;
    waiting[i] = false;
    pages[i] = frame == SCATTERED ? filled(pageCount) : NO_PAGES;
    size++;
    return i;
  }

  private static long[] filled(int pageCount) {
    long[] none = new long[pageCount];
    Arrays.fill(none, -1);
    return none;
  }

  /** Removes the cluster at an index. */
  void remove(int index) {
    int hole = index;
    used[hole] = false;
    size--;
    for (int i = next(hole); used[i]; i = next(i)) {
      int home = home(keys[i]);
      boolean stays = hole <= i ? hole < home && home <= i : hole < home || home <= i;
      if (!stays) {
        move(i, hole);
        hole = i;
      }
    }
  }

  private void move(int from, int to) {
    keys[to] = keys[from];
    frames[to] = frames[from];
    masks[to] = masks[from];
    pages[to] = pages[from];
    waiting[to] = waiting[from];
    used[to] = true;
    used[from] = false;
  }

  /** {@return the first frame of the cluster's block, or {@link #SCATTERED}} */
  long frame(int index) {
    return frames[index];
  }

  /** {@return which pages of the cluster are mapped, a bit each} */
  long mask(int index) {
    return masks[index];
  }

  /** Sets which pages of the cluster are mapped. */
  void mask(int index, long mask) {
    masks[index] = mask;
  }

  /** {@return whether the cluster is on the list of those that a flush may set free} */
  boolean waiting(int index) {
    return waiting[index];
  }

  /** Notes whether the cluster is on that list. */
  void waiting(int index, boolean is) {
    waiting[index] = is;
  }

  /** {@return the frames of a scattered cluster's pages, -1 where there is none; may be changed} */
  long[] pages(int index) {
    return pages[index];
  }

  /** {@return the cluster at an index} */
  long cluster(int index) {
    return keys[index];
  }

  /** {@return the number of clusters} */
  int size() {
    return size;
  }

  /** Shows the index of every cluster; the table must not be changed meanwhile. */
  void forEach(IntConsumer action) {
    for (int i = 0; i < keys.length; i++) {
      if (used[i]) {
        action.accept(i);
      }
    }
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldFrames = frames;
    long[] oldMasks = masks;
    long[][] oldPages = pages;
    boolean[] oldUsed = used;
    boolean[] oldWaiting = waiting;
    int length = 2 * keys.length;
    keys = new long[length];
    frames = new long[length];
    masks = new long[length];
    pages = new long[length][];
    used = new boolean[length];
    waiting = new boolean[length];
    size = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldUsed[i]) {
        int at = add(oldKeys[i], oldFrames[i], 0);
        masks[at] = oldMasks[i];
        waiting[at] = oldWaiting[i];
        pages[at] = oldPages[i];
      }
    }
  }

  private int home(long cluster) {
    long hash = cluster * 0x9E3779B97F4A7C15L; // 2^64 / golden ratio
    return (int) (hash >>> 32) & (keys.length - 1);
  }

  private int next(int i) {
    return (i + 1) & (keys.length - 1);
  }
}
