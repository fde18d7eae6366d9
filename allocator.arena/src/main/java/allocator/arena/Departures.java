package allocator.arena;

/**
 * Spans that have left an arena under its lock and are to be handed back to their source without
 * it. Guarded by the arena's lock.
 */
final class Departures {
  // One search can free two imports by moving the rotor twice; one more may have come superfluous.
  private static final int MOST = 4;

  private final long[] bases = new long[MOST];
  private final long[] sizes = new long[MOST];
  private int count;

  /** Adds a span. */
  void add(long base, long size) {
    bases[count] = base;
    sizes[count++] = size;
  }

  /** {@return whether none is waiting} */
  boolean isEmpty() {
    return count == 0;
  }

  /** {@return the base of the span that {@link #removeLast} would remove} */
  long lastBase() {
    return bases[count - 1];
  }

  /** {@return the size of the span that {@link #removeLast} would remove} */
  long lastSize() {
    return sizes[count - 1];
  }

  /** Removes the span that was added last. */
  void removeLast() {
    count--;
  }
}
