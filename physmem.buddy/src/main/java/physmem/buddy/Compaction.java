package physmem.buddy;

import static physmem.buddy.Geometry.BLOCK_FRAMES;
import static physmem.buddy.Geometry.BLOCK_ORDER;
import static physmem.buddy.Geometry.MOVABLE;
import static physmem.buddy.Geometry.NONE;

import physmem.api.FrameMover;

/**
 * Moves the movable blocks of a zone from its low end to free blocks at its high end until a large
 * block is free: one scanner goes up and looks for blocks to move, another comes down and looks for
 * room, and they stop where they meet.
 *
 * <p>For one run over one zone by one thread. No lock is held while the mover works. Pageblocks
 * that are free as a whole are not broken up to make room.
 */
final class Compaction {
  private final Zone zone;
  private final FreeBlocks free;
  private final PageblockTable table;
  private final FrameMover mover;
  private int room; // the pageblock that the upper scanner is at
  private long moved;

  Compaction(Zone zone, FrameMover mover) {
    this.zone = zone;
    this.free = zone.free();
    this.table = free.table();
    this.mover = mover;
    this.room = table.blocks() - 1;
  }

  /** {@return the number of blocks moved until one of the order was free or the scanners met} */
  long run(int order) {
    for (int block = 0; block < room && !free.hasAtLeast(order); block++) {
      if ((table.mark(block) & PageblockTable.BUSY) != 0) {
        evacuate(block, order);
      }
    }
    return moved;
  }

  private void evacuate(int block, int order) {
    long first = table.frameOf(block);
    for (long frame = first; frame < first + BLOCK_FRAMES && !free.hasAtLeast(order); frame++) {
      int code = zone.live().at(frame);
      if (isMovable(code) && LiveFrames.order(code) < Math.min(order, BLOCK_ORDER)) {
        move(block, frame, code);
      }
    }
  }

  /** {@return whether a piece is a whole block that its owner can be asked to move} */
  static boolean isMovable(int code) {
    return LiveFrames.kind(code) == LiveFrames.BLOCK && LiveFrames.mobility(code) == MOVABLE;
  }

  private void move(int block, long from, int code) {
    int order = LiveFrames.order(code);
    long to = takeRoom(block, order);
    if (to == NONE) {
      return;
    }
    zone.live().set(to, code);
    boolean done = mover.move(from, to, order);
    zone.giveDirectly(done ? from : to, order);
    moved += done ? 1 : 0;
  }

  /** {@return a block of the order above a pageblock, taken out of the free lists, or NONE} */
  private long takeRoom(int block, int order) {
    zone.lock().lock();
    try {
      while (room > block && !hasRoom(room, 0)) {
        room--;
      }
      for (int at = room; at > block; at--) {
        if (hasRoom(at, order)) {
          return takeFrom(at, order);
        }
      }
      return NONE;
    } finally {
      zone.lock().unlock();
    }
  }

  private boolean hasRoom(int block, int order) {
    boolean busy = (table.mark(block) & PageblockTable.BUSY) != 0 && table.type(block) == MOVABLE;
    return busy && smallestFit(block, order) < BLOCK_ORDER;
  }

  private int smallestFit(int block, int order) {
    int fit = order;
    while (fit < BLOCK_ORDER && table.count(block, fit) == 0) {
      fit++;
    }
    return fit;
  }

  private long takeFrom(int block, int order) {
    int fit = smallestFit(block, order);
    long frame = table.firstFrom(block, fit, 0);
    free.carve(frame, fit, frame, frame + (1L << order));
    return frame;
  }
}
