package physmem.buddy;

import static physmem.buddy.Geometry.NONE;

import allocator.api.Estate;
import allocator.api.TransferRefusedException;
import physmem.api.FrameConstraints;
import physmem.api.FrameFlags;

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

  /**
   * Takes over every live range of an estate, after all have been checked.
   *
   * @throws TransferRefusedException if one of them is not free here
   */
  void rebuild(Estate estate, boolean dryRun) {
    estate.live((base, size, attributes) -> {
      boolean sane = base >= 0 && size >= 1 && base + size > base;
      if (!sane || search.firstNotFree(base, base + size) != base + size) {
        throw refusal(base, size);
      }
      return true;
    });
    if (!dryRun) {
      estate.live(this::takeOver);
    }
  }

  private boolean takeOver(long base, long size, long attributes) {
    int mobility = FrameFlags.mobility(FrameFlags.flags(attributes));
    if (!tryAt(base, base + size, mobility < Geometry.TYPES ? mobility : Geometry.UNMOVABLE)) {
      throw refusal(base, size);
    }
    return true;
  }

  private static TransferRefusedException refusal(long base, long size) {
    return new TransferRefusedException(
        "live frames [0x%x, 0x%x) are not all free here".formatted(base, base + size));
  }
}
