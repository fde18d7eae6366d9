package physmem.llfree;

import allocator.api.Estate;
import allocator.api.TransferRefusedException;

/**
 * Takes over another allocator's live ranges by marking them, a word or a child at a time, without
 * atomics: nobody else is at work. Used once, by one thread.
 */
final class Rebuilding {
  private final Machine machine;
  private final RamMap map;
  private final Pieces pieces;
  private final Trees trees;
  private final int treeFrames;

  Rebuilding(Machine machine) {
    this.machine = machine;
    this.map = machine.map();
    this.pieces = machine.pieces();
    this.trees = machine.trees();
    this.treeFrames = map.treeFrames();
  }

  /**
   * Takes over the ranges.
   *
   * @throws TransferRefusedException if one of them is not free here; everything is free then
   */
  void run(Estate estate, boolean dryRun) {
    long managed = Zone.frames(map.managed());
    if (machine.freeFrames() != managed) {
      throw new TransferRefusedException(
          "%d of %d frames are live here already, by the setting init"
              .formatted(managed - machine.freeFrames(), managed));
    }
    if (dryRun) {
      estate.live((base, size, attributes) -> check(base, size));
      return;
    }
    try {
      estate.live((base, size, attributes) -> mark(base, size));
    } catch (TransferRefusedException e) {
      machine.reset();
      throw e;
    }
  }

  private boolean check(long base, long size) {
    boolean sane = base >= 0 && size >= 1 && base + size > base;
    if (!sane || machine.ranges().firstNotFree(base, base + size) != base + size) {
      throw refusal(base, size);
    }
    return true;
  }

  private boolean mark(long base, long size) {
    if (base < 0 || size < 1 || base + size < base) {
      throw refusal(base, size);
    }
    for (long at = base; at < base + size; ) {
      int stretch = map.stretchOf(at);
      if (stretch < 0) {
        throw refusal(base, size);
      }
      long shift = map.shiftOf(stretch);
      long end = Math.min(base + size, map.endOf(stretch));
      if (!markSlots(at + shift, end + shift, at == base)) {
        throw refusal(base, size);
      }
      at = end;
    }
    return true;
  }

  private boolean markSlots(long from, long to, boolean head) {
    for (long at = from; at < to; ) {
      long end = Pieces.pieceEnd(at, to);
      if (!pieces.mark(at, end, head && at == from)) {
        return false;
      }
      trees.mark((int) (at / treeFrames), (int) (end - at));
      at = end;
    }
    return true;
  }

  private static TransferRefusedException refusal(long base, long size) {
    return new TransferRefusedException(
        "live frames [0x%x, 0x%x) are not all free here".formatted(base, base + size));
  }
}
