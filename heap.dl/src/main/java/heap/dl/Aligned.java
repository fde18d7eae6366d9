package heap.dl;

import hardware.api.Window;

/**
 * Blocks with more than the usual alignment: a larger block, with what is before and behind cut
 * off.
 */
final class Aligned {
  private final DlSpace space;
  private final Window w;

  Aligned(DlSpace space) {
    this.space = space;
    this.w = space.window;
  }

  /**
   * Allocates an aligned block.
   *
   * @param wanted a power of two
   * @param bytes the size
   * @return the block, or 0
   */
  long allocate(long wanted, long bytes) {
    if (wanted <= Chunk.ALIGN) {
      return space.allocate(bytes);
    }
    long align = Math.max(wanted, Chunk.LEAST);
    if (bytes > Chunk.MOST_REQUEST - align) {
      return space.growth.refuseHuge();
    }
    long size = space.chunkSize(bytes);
    long mem = space.allocate(size + align + Chunk.LEAST - space.overhead());
    if (mem == 0) {
      return 0;
    }
    long chunk = (mem & (align - 1)) == 0 ? mem - Chunk.MEM : cutLead(mem, align);
    if (!Chunk.direct(w, chunk)) {
      cutTail(chunk, size);
    }
    return chunk + Chunk.MEM;
  }

  /** Gives back what lies before the first aligned place that leaves a whole chunk before it. */
  private long cutLead(long mem, long align) {
    long chunk = mem - Chunk.MEM;
    long place = ((mem + align - 1) & -align) - Chunk.MEM;
    long aligned = place - chunk >= Chunk.LEAST ? place : place + align;
    long lead = aligned - chunk;
    long size = Chunk.size(w, chunk) - lead;
    if (Chunk.direct(w, chunk)) {
      moveDirect(chunk, aligned, size);
    } else {
      space.reuse(aligned, size);
      space.reuse(chunk, lead);
      space.freeing.dispose(chunk, lead);
    }
    return aligned;
  }

  private void moveDirect(long chunk, long aligned, long size) {
    long base = space.direct.base(chunk);
    long bytes = space.direct.size(chunk);
    space.direct.remove(chunk);
    space.direct.add(aligned, base, bytes);
    w.putLong(aligned, aligned - base);
    Chunk.head(w, aligned, size);
  }

  private void cutTail(long chunk, long size) {
    long whole = Chunk.size(w, chunk);
    if (whole > size + Chunk.LEAST) {
      space.reuse(chunk, size);
      space.reuse(chunk + size, whole - size);
      space.freeing.dispose(chunk + size, whole - size);
    }
  }
}
