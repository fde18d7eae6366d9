package heap.zone;

/** Magazines, first in, first out, in a ring that grows. Used under a lock of its owner. */
final class MagazineQueue {
  private static final int FIRST_ROOM = 4;

  private long[][] ring = new long[FIRST_ROOM][];
  private int head;
  private int size;

  int size() {
    return size;
  }

  void addLast(long[] magazine) {
    if (size == ring.length) {
      widen();
    }
    ring[head + size & ring.length - 1] = magazine;
    size++;
  }

  private void widen() {
    long[][] next = new long[2 * ring.length][];
    for (int i = 0; i < size; i++) {
      next[i] = get(i);
    }
    ring = next;
    head = 0;
  }

  /** {@return the magazine that waits longest; there is one} */
  long[] removeFirst() {
    long[] magazine = ring[head];
    ring[head] = ZoneCache.NONE;
    head = head + 1 & ring.length - 1;
    size--;
    return magazine;
  }

  /** {@return a magazine, 0 being the one that waits longest} */
  long[] get(int index) {
    return ring[head + index & ring.length - 1];
  }

  /** Moves magazines from the front here to the end there. */
  void moveTo(MagazineQueue to, int count) {
    for (int i = 0; i < count; i++) {
      to.addLast(removeFirst());
    }
  }
}
