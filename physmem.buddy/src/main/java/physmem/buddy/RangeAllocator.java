package physmem.buddy;

import static physmem.buddy.Geometry.NONE;

import physmem.api.FrameConstraints;

/**
 * Allocates ranges by their place, under the locks of all zones. What lies in CPUs' stocks is sent
 * home only if the range is not to be had without. Safe for use by several threads.
 */
final class RangeAllocator {
  private final ZoneTable table;
  private final ContiguousSearch search;
  private final Runs runs;

  RangeAllocator(ZoneTable table, Runs runs) {
    this.table = table;
    this.search = new ContiguousSearch(table);
    this.runs = runs;
  }

  /** {@return whether all frames of a range were free and are live now} */
  boolean takeAt(long from, long to, int mobility) {
    if (tryAt(from, to, mobility)) {
      return true;
    }
    if (table.cached() == 0) {
      return false;
    }
    table.drainAll();
    return tryAt(from, to, mobility);
  }

  private boolean tryAt(long from, long to, int mobility) {
    table.lockAll();
    try {
      boolean free = search.firstNotFree(from, to) == to;
      if (free) {
        take(from, to, mobility);
      }
      return free;
    } finally {
      table.unlockAll();
    }
  }

  private void take(long from, long to, int mobility) {
    search.take(from, to);
    runs.mark(from, to, mobility);
  }

  /** {@return the first frame of a run, which is live now, or NONE} */
  long takeBest(Zonelist list, long count, FrameConstraints where, int mobility) {
    long frame = tryBest(list, count, where, mobility);
    if (frame == NONE && table.cached() != 0) {
      table.drainAll();
      frame = tryBest(list, count, where, mobility);
    }
    return frame;
  }

  private long tryBest(Zonelist list, long count, FrameConstraints where, int mobility) {
    table.lockAll();
    try {
      long frame = search.bestRun(list, count, where);
      if (frame != NONE) {
        take(frame, frame + count, mobility);
      }
      return frame;
    } finally {
      table.unlockAll();
    }
  }
}
