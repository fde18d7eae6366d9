package physmem.buddy;

import allocator.api.MisuseException;

/**
 * Frees many blocks of one order: first all are checked and marked as leaving, so that an array
 * that names a block twice is refused as a whole; then they go home, neighbours together.
 */
final class BulkFree {
  private final ZoneTable table;

  BulkFree(ZoneTable table) {
    this.table = table;
  }

  /**
   * Frees blocks.
   *
   * @throws MisuseException if one of them is not live; nothing is freed then
   */
  void free(int cpu, int order, long[] frames, int from, int count) {
    for (int i = from; i < from + count; i++) {
      if (!markLeaving(frames[i], order)) {
        restore(order, frames, from, i);
        throw new MisuseException(
            "bulk free of %d blocks: no block of order %d at frame 0x%x, element %d, is live"
                .formatted(count, order, frames[i], i));
      }
    }
    release(cpu, order, frames, from, count);
  }

  private boolean markLeaving(long frame, int order) {
    int stretch = table.stretchOf(frame);
    if (stretch < 0) {
      return false;
    }
    LiveFrames live = table.owner(stretch).live();
    int code = live.at(frame);
    boolean block = LiveFrames.isBlock(code, order);
    if (block) {
      live.set(frame, code | LiveFrames.LEAVING);
    }
    return block;
  }

  private void restore(int order, long[] frames, int from, int to) {
    for (int i = from; i < to; i++) {
      LiveFrames live = table.zoneOf(frames[i]).live();
      live.set(frames[i], (live.at(frames[i]) & ~LiveFrames.ORDER) | order);
    }
  }

  private void release(int cpu, int order, long[] frames, int from, int count) {
    long size = 1L << order;
    for (int i = from; i < from + count; ) {
      int first = i++;
      Zone zone = table.zoneOf(frames[first]);
      while (i < from + count
          && frames[i] == frames[i - 1] + size
          && table.zoneOf(frames[i]) == zone) {
        i++;
      }
      if (i - first == 1) {
        zone.give(cpu, frames[first], order);
      } else {
        zone.giveRun(frames[first], frames[first] + (i - first) * size, size);
      }
    }
  }
}
