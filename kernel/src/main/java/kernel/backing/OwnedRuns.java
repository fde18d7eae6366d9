package kernel.backing;

import allocator.api.RangeVisitor;

/** Puts the pages of one owner together to ranges, segment by segment in rising order. */
final class OwnedRuns {
  private final PageOwners owners;
  private final int owner;
  private final long page;
  private final RangeVisitor visitor;
  private long start;
  private long end; // equal to start: no range is open
  private boolean stopped;

  OwnedRuns(PageOwners owners, int owner, long page, RangeVisitor visitor) {
    this.owners = owners;
    this.owner = owner;
    this.page = page;
    this.visitor = visitor;
  }

  /** Looks at one segment. */
  boolean segment(long base, long size, long attributes) {
    for (long at = base; at - base < size && !stopped; at += page) {
      if (owners.of(at) == owner) {
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
