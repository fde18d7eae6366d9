package workbench.compare;

import java.util.Arrays;
import java.util.List;

/**
 * How soon addresses are used again: the <em>reuse distance</em> of a birth is the number of events
 * since a block that began in the same cache line was freed. Short distances find the line still in
 * the cache; none at all means that the heap took memory that no block began in before.
 */
final class ReuseMeter {
  /** Bits of an offset in a cache line. */
  static final int LINE_SHIFT = 6;

  private static final int BINS = 34; // never, then 2^0 .. 2^32 events

  private final LineTable freed = new LineTable();
  private final long[] bins = new long[BINS];

  /** Notes a birth. */
  void birth(long address, long event) {
    long last = freed.get(address >>> LINE_SHIFT);
    bins[last < 0 ? 0 : bin(event - last)]++;
  }

  /** Notes a death. */
  void death(long address, long event) {
    freed.put(address >>> LINE_SHIFT, event);
  }

  private static int bin(long distance) {
    return Math.min(BINS - 1, Long.SIZE - Long.numberOfLeadingZeros(Math.max(1, distance)));
  }

  /**
   * Returns births by distance: element 0 where no block began before, element k for distances of
   * 2^(k-1) to 2^k - 1 events.
   */
  List<Long> bins() {
    return Arrays.stream(bins).boxed().toList();
  }
}
