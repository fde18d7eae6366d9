package heap.slab;

import java.util.SplittableRandom;

/**
 * In which order the objects of a slab are handed out. By address as a rule; if it is to be random,
 * by a shuffled table that all slabs of a cache share, each from a place of its own on, as Linux's
 * CONFIG_SLAB_FREELIST_RANDOM does it: an attacker, or a test that relies on it, cannot tell which
 * object is next to which. Seeded, so that a run can be repeated.
 *
 * <p>A position says when an object's turn is, an index where it lies. Not safe for use by several
 * threads.
 */
final class ObjectOrder {
  private final boolean random;
  private final int objects;
  private final int[] indices; // by position, before the slab's shift
  private final int[] positions; // the inverse
  private final SplittableRandom shifts;

  /**
   * Begins.
   *
   * @param objects how many a slab has
   * @param random whether the order is random
   * @param seed what the order depends on
   */
  ObjectOrder(int objects, boolean random, long seed) {
    this.random = random;
    this.objects = objects;
    this.shifts = new SplittableRandom(seed);
    this.indices = new int[random ? objects : 0];
    this.positions = new int[indices.length];
    shuffle();
    for (int i = 0; i < indices.length; i++) {
      positions[indices[i]] = i;
    }
  }

  /* Fisher and Yates, inside out. */
  private void shuffle() {
    for (int i = 0; i < indices.length; i++) {
      int other = shifts.nextInt(i + 1);
      indices[i] = indices[other];
      indices[other] = i;
    }
  }

  /** {@return where a new slab begins in the table} */
  int shift() {
    return random ? shifts.nextInt(objects) : 0;
  }

  int index(int position, int shift) {
    return random ? indices[wrap(position + shift)] : position;
  }

  int position(int index, int shift) {
    return random ? wrap(positions[index] - shift + objects) : index;
  }

  private int wrap(int place) {
    return place < objects ? place : place - objects;
  }
}
