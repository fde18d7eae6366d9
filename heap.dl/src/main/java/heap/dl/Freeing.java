package heap.dl;

import allocator.api.CorruptionException;
import hardware.api.Window;

/**
 * How a space takes a block back: it checks the address, merges the chunk with free neighbours and
 * puts the result where it belongs. All checks come before the first change.
 */
final class Freeing {
  private static final long IN_TOP = -1;
  private static final long IN_VICTIM = 0;
  private static final long GONE = 1; // given back, with its span

  private final DlSpace space;
  private final Segments segments;
  private final Window w;
  private final boolean footers;

  Freeing(DlSpace space) {
    this.space = space;
    this.segments = space.segments;
    this.w = space.window;
    this.footers = space.settings.footers();
  }

  /**
   * Frees a block.
   *
   * @param mem the block
   */
  void free(long mem) {
    tidy(give(mem));
  }

  /** Trims or looks for unused segments, as the answer of {@link #give} has it. */
  void tidy(long kept) {
    if (kept >= Chunk.LARGE) {
      if (--space.releaseChecks == 0) {
        space.trim.releaseAfterFree();
      }
    } else if (kept == IN_TOP && space.topSize > space.trimCheck) {
      space.trim.trimAfterFree();
    }
  }

  /**
   * Frees a block, or throws with nothing changed.
   *
   * @return the size of the chunk that went to a bin, or what became of it
   */
  long give(long mem) {
    long chunk = mem - Chunk.MEM;
    long head = usedHead(mem, chunk);
    if ((head & Chunk.KIND) == 0) {
      space.trim.freeDirect(chunk);
      return GONE;
    }
    long size = head & ~Chunk.FLAGS;
    long next = chunk + size;
    long nextHead = w.getLong(next + Chunk.HEAD);
    if ((nextHead & Chunk.PINUSE) == 0 || (footers && w.getLong(next) != space.footer)) {
      throw Faults.notLive(space, mem);
    }
    return (head & Chunk.PINUSE) == 0
        ? mergeBelow(chunk, size, next, nextHead)
        : mergeAbove(chunk, size, next, nextHead, 0);
  }

  /**
   * Reads the head of what should be a live block.
   *
   * @return the head, with C set and a size that stays within bounds; or one whose {@link
   *     Chunk#KIND} bits are all clear, for a registered chunk with its own span
   */
  private long usedHead(long mem, long chunk) {
    long offset = chunk - segments.least;
    long extent = segments.extent;
    if (Long.compareUnsigned(offset, extent) >= 0 || (chunk & (Chunk.ALIGN - 1)) != 0) {
      throw Faults.notLive(space, mem);
    }
    long head = w.getLong(chunk + Chunk.HEAD);
    if ((head & Chunk.KIND) != Chunk.CINUSE
        || Long.compareUnsigned((head & ~Chunk.FLAGS) - Chunk.LEAST, extent - offset) >= 0) {
      return directHead(mem, chunk, head);
    }
    return head;
  }

  private long directHead(long mem, long chunk, long head) {
    if ((head & (Chunk.FLAGS | 8)) != 0 || !space.direct.contains(chunk)) {
      throw Faults.notLive(space, mem);
    }
    return head;
  }

  /** Merges with the chunk below, which is free; answers as {@link #mergeAbove}. */
  private long mergeBelow(long chunk, long size, long next, long nextHead) {
    long belowSize = sizeBelow(chunk);
    long below = chunk - belowSize;
    if (below != space.victim) {
      if (!space.unlink(below, belowSize)) {
        throw Faults.unlinkable(w, below, belowSize);
      }
    } else if ((nextHead & Chunk.CINUSE) != 0) {
      space.victimSize = belowSize + size;
      Chunk.head(w, next, nextHead & ~Chunk.PINUSE);
      Chunk.free(w, below, space.victimSize);
      Chunk.head(w, chunk, size);
      return IN_VICTIM;
    }
    Chunk.head(w, chunk, size); // neither in-use bit, so that freeing it again is noticed
    return mergeAbove(below, belowSize + size, next, nextHead, belowSize);
  }

  /** {@return the size of the free chunk below, whose head has been found to agree} */
  private long sizeBelow(long chunk) {
    long belowSize = w.getLong(chunk);
    long below = chunk - belowSize;
    if (segments.outside(below) || Chunk.head(w, below) != (belowSize | Chunk.PINUSE)) {
      throw Faults.below(w, chunk, belowSize);
    }
    return belowSize;
  }

  /**
   * Merges with the chunk above if that is free, and puts the result where it belongs.
   *
   * @param belowSize how much of the chunk came from below, for putting it back
   * @return the size of the chunk if it went to a bin, else {@link #IN_TOP} or {@link #IN_VICTIM}
   */
  private long mergeAbove(long chunk, long size, long next, long nextHead, long belowSize) {
    long whole = size;
    if ((nextHead & Chunk.CINUSE) != 0) {
      Chunk.head(w, next, nextHead & ~Chunk.PINUSE);
    } else if (next == space.top) {
      mergeIntoTop(chunk, size);
      return IN_TOP;
    } else if (next == space.victim) {
      space.victim = chunk;
      space.victimSize += size;
      Chunk.free(w, chunk, space.victimSize);
      return IN_VICTIM;
    } else {
      long nextSize = nextHead & ~Chunk.FLAGS;
      if (!space.unlink(next, nextSize)) {
        throw undo(chunk, size, next, nextSize, belowSize);
      }
      whole += nextSize;
    }
    Chunk.free(w, chunk, whole);
    if (chunk == space.victim) {
      space.victimSize = whole;
      return IN_VICTIM;
    }
    space.insert(chunk, whole);
    return whole;
  }

  /** Puts back what {@link #mergeBelow} has done when the chunk above turns out to be damaged. */
  private CorruptionException undo(
      long chunk, long size, long next, long nextSize, long belowSize) {
    if (belowSize != 0) {
      Chunk.head(w, chunk + belowSize, (size - belowSize) | Chunk.CINUSE);
      if (chunk != space.victim) {
        space.insert(chunk, belowSize);
      }
    }
    return Faults.unlinkable(w, next, nextSize);
  }

  private void mergeIntoTop(long chunk, long size) {
    space.top = chunk;
    space.topSize += size;
    Chunk.head(w, chunk, space.topSize | Chunk.PINUSE);
    if (chunk == space.victim) {
      space.noVictim();
    }
  }

  /**
   * Makes a chunk that is marked in use free and merges it, for a remainder that was cut off or one
   * of many blocks freed together. Unlike {@link #free} it neither trims nor counts.
   */
  void dispose(long chunk, long size) {
    long next = chunk + size;
    long nextHead = Chunk.head(w, next);
    if (Chunk.previousInUse(w, chunk)) {
      mergeAbove(chunk, size, next, nextHead, 0);
    } else {
      mergeBelow(chunk, size, next, nextHead);
    }
  }

  /**
   * Checks that an address is a live block.
   *
   * @return the head of its chunk
   */
  long liveHead(long mem) {
    long chunk = mem - Chunk.MEM;
    long head = usedHead(mem, chunk);
    if ((head & Chunk.KIND) != 0) {
      long next = chunk + (head & ~Chunk.FLAGS);
      if (!Chunk.previousInUse(w, next) || (footers && w.getLong(next) != space.footer)) {
        throw Faults.notLive(space, mem);
      }
    }
    return head;
  }

  /**
   * {@return how many bytes of a live block its client may use} Refuses whatever {@link #free}
   * would, damaged links of free neighbours excepted, and writes nothing.
   */
  long usableSize(long mem) {
    long head = liveHead(mem);
    if ((head & Chunk.INUSE) == Chunk.CINUSE) {
      sizeBelow(mem - Chunk.MEM);
    }
    return usable(head);
  }

  /** {@return how many bytes of a live block its client may use, by the head of its chunk} */
  long usable(long head) {
    boolean direct = (head & Chunk.KIND) == 0;
    return (head & ~Chunk.FLAGS) - (direct ? Chunk.DIRECT_OVERHEAD : space.overhead());
  }
}
