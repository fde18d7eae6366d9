package kernel.backing;

import allocator.api.RangeVisitor;
import java.util.function.LongPredicate;

/** Puts chosen pages together to ranges, segment by segment in rising order. */
final class OwnedRuns {
  private final LongPredicate chosen;
  private final long page;
  private final RangeVisitor visitor;
  private long start;
  private long end; // equal to start: no range is open
  private boolean stopped;

  /**
   * Begins without a range.
   *
   * @param chosen says by its address whether a page is shown
   * @param page bytes of a page
   * @param visitor receives base and size in bytes, and 0
   */
  OwnedRuns(LongPredicate chosen, long page, RangeVisitor visitor) {
    this.chosen = chosen;
    this.page = page;
    this.visitor = visitor;
  }

  /** Looks at one segment. */
  boolean segment(long base, long size, long attributes) {
    for (long at = base; at - base < size && !stopped; at += page) {
      if (chosen.test(at)) {
        take(at);
      }
    }
    return !stopped;
  }

  private void take(long at) {
    if (at != end || start == end) {
      end();
      start = at;
    }
    end = at + page;
  }

  /** Shows the range that is open. */
  void end() {
    if (start != end && !stopped) {
      stopped = !visitor.visit(start, end - start, 0);
    }
    start = end;
  }
}
