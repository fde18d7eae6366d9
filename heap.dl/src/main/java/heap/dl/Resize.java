package heap.dl;

import hardware.api.Window;

/** How a block changes its size: in place by what lies above it, else by moving. */
final class Resize {
  private final DlSpace space;
  private final Window w;

  Resize(DlSpace space) {
    this.space = space;
    this.w = space.window;
  }

  /**
   * Changes the size of a block, moving it if need be.
   *
   * @return the block now, or 0 with the old one as it was
   */
  long resize(long mem, long bytes) {
    if (inPlace(mem, bytes)) {
      return mem;
    }
    long usable = space.freeing.usableSize(mem);
    long moved = space.allocate(bytes);
    if (moved != 0) {
      w.copy(mem, moved, Math.min(usable, bytes));
      space.freeing.tidy(giveOrUndo(mem, moved));
    }
    return moved;
  }

  /** Frees the old block, or the new one if that cannot be done. */
  private long giveOrUndo(long mem, long moved) {
    try {
      return space.freeing.give(mem);
    } catch (RuntimeException e) {
      try {
        space.freeing.give(moved);
      } catch (RuntimeException second) {
        e.addSuppressed(second); // the new block stays, and a walk shows it
      }
      throw e;
    }
  }

  /**
   * Changes the size of a block where it is.
   *
   * @return whether it has the size now
   */
  boolean inPlace(long mem, long bytes) {
    long head = space.freeing.liveHead(mem);
    if (bytes > Chunk.MOST_REQUEST) {
      return false;
    }
    long chunk = mem - Chunk.MEM;
    long size = space.chunkSize(bytes);
    if ((head & Chunk.KIND) == 0) {
      return space.growth.resizeDirect(chunk, size);
    }
    long oldSize = head & ~Chunk.FLAGS;
    return oldSize >= size ? shrink(chunk, oldSize, size) : grow(chunk, oldSize, size);
  }

  private boolean shrink(long chunk, long oldSize, long size) {
    if (oldSize - size >= Chunk.LEAST) {
      cutOff(chunk, size, oldSize - size);
    }
    return true;
  }

  private void cutOff(long chunk, long size, long rest) {
    space.reuse(chunk, size);
    space.reuse(chunk + size, rest);
    space.freeing.dispose(chunk + size, rest);
  }

  private boolean grow(long chunk, long oldSize, long size) {
    long next = chunk + oldSize;
    if (next == space.top) {
      return growIntoTop(chunk, oldSize, size);
    }
    if (next == space.victim) {
      return growIntoVictim(chunk, oldSize, size);
    }
    long head = Chunk.head(w, next);
    return (head & Chunk.CINUSE) == 0 && growInto(chunk, oldSize, next, head & ~Chunk.FLAGS, size);
  }

  private boolean growIntoTop(long chunk, long oldSize, long size) {
    long whole = oldSize + space.topSize;
    if (whole <= size) {
      return false;
    }
    space.reuse(chunk, size);
    space.top = chunk + size;
    space.topSize = whole - size;
    Chunk.head(w, space.top, space.topSize | Chunk.PINUSE);
    return true;
  }

  private boolean growIntoVictim(long chunk, long oldSize, long size) {
    long whole = oldSize + space.victimSize;
    if (whole < size) {
      return false;
    }
    if (whole - size < Chunk.LEAST) {
      space.reuse(chunk, whole);
      space.noVictim();
    } else {
      space.reuse(chunk, size);
      space.victim = chunk + size;
      space.victimSize = whole - size;
      Chunk.freeBelow(w, space.victim, space.victimSize, chunk + whole);
    }
    return true;
  }

  private boolean growInto(long chunk, long oldSize, long next, long nextSize, long size) {
    long whole = oldSize + nextSize;
    if (whole < size) {
      return false;
    }
    if (!space.unlink(next, nextSize)) {
      throw Faults.unlinkable(w, next, nextSize);
    }
    if (whole - size < Chunk.LEAST) {
      space.reuse(chunk, whole);
    } else {
      cutOff(chunk, size, whole - size);
    }
    return true;
  }
}
