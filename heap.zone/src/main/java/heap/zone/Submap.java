package heap.zone;

import heap.api.BackedSpans;

/**
 * A stretch of reserved addresses from which zones get theirs, some from its lower end, some from
 * its upper. What was cut off never comes back. When both ends have met a further span is reserved,
 * twice as long as the last, up to a limit. Safe for use by several threads.
 */
final class Submap {
  private final BackedSpans spans;
  private final AddressBudget budget;
  private final long most;
  private long next;
  private long low;
  private long high;
  private long reserved;
  private long lost;
  private int count;

  /**
   * Begins without addresses.
   *
   * @param spans where they come from
   * @param budget how many all submaps may have
   * @param first bytes of the first span, a power of two
   * @param most bytes of a span at most
   */
  Submap(BackedSpans spans, AddressBudget budget, long first, long most) {
    this.spans = spans;
    this.budget = budget;
    this.next = Math.min(first, most);
    this.most = most;
  }

  /** {@return addresses for a zone, or {@link BackedSpans#NONE} if there are no more} */
  synchronized long cut(long bytes, boolean fromEnd) {
    if (high - low < bytes && !reserve(bytes)) {
      return BackedSpans.NONE;
    }
    if (fromEnd) {
      high -= bytes;
      return high;
    }
    low += bytes;
    return low - bytes;
  }

  private boolean reserve(long bytes) {
    for (long span = next; span >= bytes; span /= 2) {
      long base = budget.reserve(spans, span);
      if (base != BackedSpans.NONE) {
        lost += high - low;
        low = base;
        high = base + span;
        reserved += span;
        count++;
        next = Math.min(most, 2 * span);
        return true;
      }
    }
    return false;
  }

  synchronized long reserved() {
    return reserved;
  }

  /** {@return addresses that no zone has yet} */
  synchronized long unused() {
    return high - low;
  }

  /** {@return addresses at the end of former spans that were too few for anybody} */
  synchronized long lost() {
    return lost;
  }

  synchronized int count() {
    return count;
  }
}
