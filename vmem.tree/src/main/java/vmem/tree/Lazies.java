package vmem.tree;

import static vmem.tree.Areas.NIL;

import vmem.api.AddressConstraints;

/**
 * What was freed and waits: neither live nor free until a batch of it is purged. In the machine
 * that is modelled, translations of these addresses may still be cached by some CPU; one flush of
 * all CPUs serves a whole batch. Guarded by the arena's lock.
 */
final class Lazies {
  private final Areas areas;
  private final Territory spans;
  private final long most;
  private final AreaTree waiting;
  private long bytes;
  private long purges;
  private long purged;
  private long flushed;

  /**
   * Makes an empty set.
   *
   * @param most how many bytes may wait
   */
  Lazies(Areas areas, Territory spans, long most) {
    this.areas = areas;
    this.spans = spans;
    this.most = most;
    this.waiting = new AreaTree(areas, false);
  }

  /** Adds an area that is in no tree, and joins it with neighbours that wait as well. */
  void add(int area) {
    bytes += areas.size(area);
    spans.mergeOrAdd(area, waiting);
  }

  /** {@return whether more waits than may} */
  boolean isFull() {
    return Unsigned.below(most, bytes);
  }

  /** {@return whether something waits that lies within the limits of a request} */
  boolean mayHelp(AddressConstraints where) {
    if (Unsigned.below(where.max() - 1, where.min())) {
      return false; // the limits exclude each other
    }
    int highest = waiting.under(where.max() - 1);
    return highest != NIL && !Unsigned.below(areas.last(highest), where.min());
  }

  /**
   * Flushes, and empties the set.
   *
   * @return the first area of a list in rising order, each with the next as its last word; or
   *     nobody
   */
  int takeAll() {
    int first = waiting.first();
    if (first == NIL) {
      return NIL;
    }
    int last = first;
    for (int area = waiting.next(first); area != NIL; area = waiting.next(area)) {
      areas.setMax(last, area);
      last = area;
    }
    areas.setMax(last, NIL);
    waiting.clear();
    purges++;
    purged += bytes;
    flushed += areas.last(last) - areas.start(first) + 1;
    bytes = 0;
    return first;
  }

  /** {@return what waits} */
  AreaTree tree() {
    return waiting;
  }

  /** {@return how many bytes wait} */
  long bytes() {
    return bytes;
  }

  /** {@return how many bytes may wait} */
  long most() {
    return most;
  }

  /** {@return batches purged so far, each with one flush} */
  long purges() {
    return purges;
  }

  /** {@return bytes that have waited and were purged so far} */
  long purged() {
    return purged;
  }

  /** {@return bytes from the lowest to the highest address of each flush, summed up} */
  long flushed() {
    return flushed;
  }
}
