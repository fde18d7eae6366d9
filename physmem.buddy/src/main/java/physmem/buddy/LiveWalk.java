package physmem.buddy;

import static physmem.buddy.Geometry.BLOCK_FRAMES;

import allocator.api.RangeVisitor;
import physmem.api.FrameFlags;

/**
 * Shows the live ranges in rising order by reading the frame bytes of busy pageblocks, and puts the
 * pieces of a range together again. For one walk by one thread.
 */
final class LiveWalk {
  private static final long BUSY_EIGHT = PageblockTable.eight(PageblockTable.BUSY);

  private final ZoneTable table;
  private final RangeVisitor visitor;
  private long base;
  private long size; // 0 while no range is open
  private long attributes;
  private boolean stopped;

  LiveWalk(ZoneTable table, RangeVisitor visitor) {
    this.table = table;
    this.visitor = visitor;
  }

  void run() {
    for (int stretch = 0; stretch < table.stretches() && !stopped; stretch++) {
      walkStretch(table.owner(stretch), table.startOf(stretch), table.endOf(stretch));
    }
    close();
  }

  private void walkStretch(Zone zone, long from, long to) {
    PageblockTable blocks = zone.free().table();
    int end = blocks.indexOf(to - 1) + 1;
    for (int block = blocks.indexOf(from); block < end && !stopped; block++) {
      if ((block & 7) == 0 && (blocks.eightMarks(block) & BUSY_EIGHT) == 0) {
        block += 7;
      } else if ((blocks.mark(block) & PageblockTable.BUSY) != 0) {
        long first = blocks.frameOf(block);
        walkBlock(zone.live(), Math.max(from, first), Math.min(to, first + BLOCK_FRAMES));
      }
    }
  }

  /* Eight frames at a time: what is below the first byte that says something is shifted away. */
  private void walkBlock(LiveFrames live, long from, long to) {
    long frame = from;
    while (frame < to && !stopped) {
      long eight = live.eightAt(frame & -Long.BYTES) >>> ((frame & 7) << 3);
      int skip = Long.numberOfTrailingZeros(eight) >>> 3;
      if (eight == 0) {
        frame = (frame | 7) + 1;
      } else if (frame + skip < to) {
        frame += skip;
        frame += take(frame, (int) (eight >>> (skip << 3)) & 0xFF);
      } else {
        return;
      }
    }
  }

  /** Takes what begins at a frame; {@return how many frames it has} */
  private long take(long frame, int code) {
    int order = LiveFrames.order(code);
    if (!LiveFrames.isLive(code)) {
      return 1L << order;
    }
    if (LiveFrames.kind(code) != LiveFrames.CONT) {
      close();
      boolean run = LiveFrames.kind(code) == LiveFrames.RUN;
      base = frame;
      size = 0;
      attributes = FrameFlags.attributes(run ? FrameFlags.RUN : order, LiveFrames.mobility(code));
    }
    size += 1L << order;
    return 1L << order;
  }

  private void close() {
    if (size != 0 && !stopped) {
      stopped = !visitor.visit(base, size, attributes);
    }
    size = 0;
  }
}
