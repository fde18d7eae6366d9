package heap.slab;

import java.util.Arrays;

/**
 * Doubly linked lists of indices in primitive arrays. An index is in one list, or has one of the
 * marks from the number of lists on, which say why it is in none. Not safe for use by several
 * threads.
 */
final class IndexLists {
  static final int NONE = -1;

  private final int lists;
  private final int[] heads;
  private final int[] sizes;
  private int[] next = {};
  private int[] prev = {};
  private byte[] list = {};

  /**
   * Begins without indices.
   *
   * @param lists how many lists, at most 31
   */
  IndexLists(int lists) {
    this.lists = lists;
    this.heads = new int[lists];
    this.sizes = new int[lists];
    Arrays.fill(heads, NONE);
  }

  void expand(int capacity) {
    int[] links = Arrays.copyOf(next, capacity);
    int[] backLinks = Arrays.copyOf(prev, capacity);
    list = Arrays.copyOf(list, capacity);
    next = links;
    prev = backLinks;
  }

  /** {@return the list or mark of an index} */
  int of(int index) {
    return list[index];
  }

  int head(int list) {
    return heads[list];
  }

  int size(int list) {
    return sizes[list];
  }

  int next(int index) {
    return next[index];
  }

  int prev(int index) {
    return prev[index];
  }

  /** Moves an index to the head of a list, or marks it. */
  void move(int index, int to) {
    if (list[index] != to) {
      unlink(index, list[index]);
      link(index, to);
    }
  }

  /** Puts an index that is in no list at the head of one, or marks it. */
  void link(int index, int to) {
    list[index] = (byte) to;
    if (to >= lists) {
      return;
    }
    int head = heads[to];
    next[index] = head;
    prev[index] = NONE;
    if (head != NONE) {
      prev[head] = index;
    }
    heads[to] = index;
    sizes[to]++;
  }

  private void unlink(int index, int from) {
    if (from >= lists) {
      return;
    }
    int after = next[index];
    int before = prev[index];
    if (after != NONE) {
      prev[after] = before;
    }
    if (before != NONE) {
      next[before] = after;
    } else {
      heads[from] = after;
    }
    sizes[from]--;
  }
}
