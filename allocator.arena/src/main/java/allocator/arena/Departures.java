package allocator.arena;

import java.util.Arrays;

/**
 * Spans that have left an arena under its lock and are to be handed back to their source without
 * it. Guarded by the arena's lock.
 */
final class Departures {
  // One search can free two imports by moving the rotor twice; one more may have come superfluous.
  private static final int USUAL = 4;

  private long[] bases = new long[USUAL];
  private long[] sizes = new long[USUAL];
  private int count;

  /** Adds a span; more than usual are there only if the source failed to take some. */
  void add(long base, long size) {
    if (count == bases.length) {
      bases = Arrays.copyOf(bases, 2 * count);
      sizes = Arrays.copyOf(sizes, 2 * count);
    }
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
