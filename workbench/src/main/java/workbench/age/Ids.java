package workbench.age;

import java.util.Arrays;

/** A queue of ids of blocks, or of frames: in at one end, out at the other. */
final class Ids {
  private static final int FIRST_ROOM = 16;

  private int[] ring = new int[FIRST_ROOM];
  private int head;
  private int size;

  int size() {
    return size;
  }

  void add(int id) {
    if (size == ring.length) {
      grow();
    }
    ring[(head + size) % ring.length] = id;
    size++;
  }

  /** {@return the id that came first, which leaves} */
  int take() {
    int id = ring[head];
    head = (head + 1) % ring.length;
    size--;
    return id;
  }

  private void grow() {
    int[] larger = Arrays.copyOf(ring, ring.length * 2);
    // What had wrapped around to the front goes behind the old end.
    System.arraycopy(ring, 0, larger, ring.length, head);
    ring = larger;
  }
}
