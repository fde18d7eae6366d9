package heap.dl;

import hardware.api.Window;
import heap.api.BackedSpans;

/**
 * One space: where its chunks are found and how blocks are cut from them. Freeing, growing,
 * trimming and resizing are beside it. Not safe for use by several threads; {@link DlHeap} sees to
 * that.
 */
final class DlSpace {
  /*
   * How this heap works
   * ===================
   *
   * 1. Chunks. A segment is a stretch of memory divided into chunks end to end, without gaps. Each
   *    begins with a head word: its size and whether it and the chunk below it are in use. A free
   *    chunk repeats its size in its last word, the foot, which lies just before the next chunk's
   *    head and counts as that chunk's first word. So from any chunk both neighbours are found
   *    without a search, and two free neighbours are always merged: below and above a free chunk
   *    lie chunks in use, or the end. While a chunk is in use nobody asks for its foot, so the
   *    client has that word: 8 bytes are lost per block, not 16.
   *
   * 2. Where a free chunk is. In exactly one of four places:
   *      - a small bin, if below 256 bytes: one list per size, last in first out (SmallBins);
   *      - a tree bin, from 256 bytes on: a trie over the bits of the size, chunks of one size in a
   *        ring of which the oldest is in the tree (TreeBins);
   *      - the designated victim, at most one chunk: what was left of the last chunk that a small
   *        request was cut from;
   *      - top, exactly one chunk: the end of the newest segment.
   *    A bitmap of 32 bits says which small bins hold something, another which trees do, so an
   *    empty bin costs nothing and the next one that fits is found by counting zeros.
   *
   * 3. A small request looks, in this order: at its own bin and the one above it, where the chunk
   *    is used whole because what would be left over is no chunk; at the victim; at the next bin
   *    that holds something; at the smallest chunk of all trees; at top; below. In the third and
   *    fourth case the rest becomes the victim, and the old victim, which was too small for this
   *    request and so is small, goes to its bin. Requests that follow one another thus lie side by
   *    side, which is what programs want of a cache and what keeps the trees short.
   *
   * 4. A large request takes the best fit of the trees, unless the victim fits as well or better;
   *    then the victim, top, below. What is left over goes to its bin and never becomes the victim.
   *    Best fit, oldest first, is what keeps fragmentation low in practice; the trie bounds it at
   *    one step per bit of the size.
   *
   * 5. Top is last in every order, as if it were larger than any other chunk, because it is what
   *    can be given back. It grows when memory is imported behind it and is trimmed when a free
   *    leaves it above the threshold. 80 bytes at its end are never handed out: if a new segment
   *    must be opened elsewhere, the record of the old one and at least two fences go there, so
   *    that opening a segment never needs memory of the old one.
   *
   * 6. Growth asks for exactly what is missing, in granules: in place first, as a program break
   *    does, so a heap is one segment as a rule; else for a span anywhere (Growth). A new span that
   *    touches a segment joins it: behind it only if that one holds top, in front of it always.
   *    Every 4095 large frees all segments but the newest are looked over for one that is a single
   *    free chunk, which goes home whole (Trim). The count keeps that linear walk from mattering.
   *
   * 7. Chunks with their own span. A request above a threshold, if that is set, gets a span to
   *    itself; both its in-use bits are clear, which no other chunk in use has, and its foot word
   *    says how far from the span's start it lies. Freeing it gives the span back at once.
   *
   * 8. Checks. An address is looked at before anything changes: is it within the heap's bounds and
   *    aligned, does its head say in use with a size that stays within bounds, does the chunk above
   *    agree that it is in use? A chunk is taken out of a list only if its neighbours point back at
   *    it. With footers each chunk in use carries its heap's mark behind it, which finds writes
   *    past a block's end and blocks of another heap. A chunk that disappears in a merge gets both
   *    its in-use bits cleared, so that a second free of it is seen as long as nobody has written
   *    there.
   *
   * 9. State. The bins' heads, the bitmaps, victim and top are here, in Java fields, where the
   *    original has them in its static state; everything else lies in simulated memory. So offsets
   *    and footprints equal the original's: for one thread, growth in place, pages as granules and
   *    the default threshold, every block lies at the offset that dlmalloc 2.8.6 gives it.
   *
   * 10. What differs from the original, and why.
   *      - Lists end in 0 instead of running through their head, which has no simulated address.
   *      - All checks come before the first change, since an error is thrown and not fatal; a chunk
   *        below is compared with its foot as well.
   *      - Chunks with their own span are registered, so that a walk shows them.
   *      - A segment record is marked by the third flag bit and can thus not be freed.
   *      - All spans may be given back in part or whole; the original cannot move its break down
   *        past memory of others.
   *      - After a refused growth in place it is still tried again, with the full request: what was
   *        in the way may be gone. The original asks its break once more in the same manner where
   *        there is no other source.
   *
   * 11. Succession. What a successor needs besides simulated memory are a few dozen numbers: 9 is
   *    what makes the hand-over one of constant time (Layout). An error from the tiers below leaves
   *    every byte either held or gone: they are called before anything is written down, or what was
   *    done before is undone. A free has taken place once its chunk is merged; if then nobody is
   *    there to take memory back, it is kept for a later time.
   *
   * 12. What was not done. No per-thread caches: the original has none, and heap.slab is there for
   *     comparison; but several spaces may stand behind one heap (DlSpaces). No moving of a chunk's pages to a
   *     larger place (mremap): the tiers below offer no such call. No reset of the whole heap after
   *     damage (PROCEED_ON_ERROR): a typed error with the state as it was serves an observer better.
   *
   * References: D. Lea, "A Memory Allocator", 1996/2000, and the comments of malloc.c 2.8.6 (2012);
   * D. E. Knuth, The Art of Computer Programming, vol. 1, 2.5 (boundary tags); P. R. Wilson et al.,
   * "Dynamic Storage Allocation: A Survey and Critical Review", IWMM 1995.
   */

  final Window window;
  final BackedSpans spans;
  final DlSettings settings;
  final SmallBins small;
  final TreeBins trees;
  final Segments segments;
  final DirectChunks direct = new DirectChunks();

  /**
   * The designated victim: the chunk that small requests without an exact fit are cut from; 0 if
   * none.
   */
  long victim;

  long victimSize;

  /**
   * The chunk at the end of the newest segment, cut from when nothing else fits; 0 before growth.
   */
  long top;

  /** Size of top without the foot that every segment keeps free at its end. */
  long topSize;

  /**
   * Size of top above which a free trims it; out of reach after a trim that could release nothing.
   */
  long trimCheck;

  /** How many more large chunks are freed until unused segments are looked for. */
  long releaseChecks;

  /** Footer of every chunk in use, if footers are on; a predecessor's once adopted. */
  long footer;

  final Freeing freeing;
  final Growth growth;
  final Trim trim;

  private final Window w;
  private final boolean footers;
  private final long pad;
  private final long leastRequest;
  private final long mostSmall;

  DlSpace(Window window, BackedSpans spans, DlSettings settings, long footer) {
    this.window = window;
    this.w = window;
    this.spans = spans;
    this.settings = settings;
    this.small = new SmallBins(window);
    this.trees = new TreeBins(window);
    this.segments = new Segments(window);
    this.footers = settings.footers();
    this.footer = footer;
    long overhead = overhead();
    this.pad = overhead + Chunk.ALIGN - 1;
    this.leastRequest = Chunk.LEAST - overhead;
    this.mostSmall = Chunk.LARGE - Chunk.ALIGN - overhead;
    this.freeing = new Freeing(this);
    this.growth = new Growth(this);
    this.trim = new Trim(this);
    this.trimCheck = settings.trimThreshold();
    this.releaseChecks = settings.releaseChecks();
  }

  /** {@return the bytes of a chunk in use that its client cannot have} */
  long overhead() {
    return footers ? 16 : 8;
  }

  /** {@return the size of the chunk for a request} */
  long chunkSize(long bytes) {
    return bytes < leastRequest ? Chunk.LEAST : (bytes + pad) & -Chunk.ALIGN;
  }

  // -------------------------------------------------------------------------------------- malloc

  /**
   * Allocates a block.
   *
   * @param bytes the size, at least 0
   * @return the block, or 0
   */
  long allocate(long bytes) {
    long size;
    if (bytes <= mostSmall) {
      size = chunkSize(bytes);
      int index = (int) (size >>> SmallBins.SHIFT);
      int lists = small.map >>> index;
      if ((lists & 3) != 0) { // an exact fit, or one that leaves too little for a chunk
        return takeWhole(index + (~lists & 1));
      }
      if (size > victimSize) {
        if (lists != 0) {
          return cutSmall(index + Integer.numberOfTrailingZeros(lists), size);
        }
        if (trees.map != 0) {
          return cutSmallest(size);
        }
      }
    } else {
      if (bytes > Chunk.MOST_REQUEST) {
        return growth.refuseHuge();
      }
      size = (bytes + pad) & -Chunk.ALIGN;
      if (trees.map != 0) {
        long mem = cutBestFit(size);
        if (mem != 0) {
          return mem;
        }
      }
    }
    return cutVictimOrTop(size);
  }

  private long cutVictimOrTop(long size) {
    if (size <= victimSize) {
      return cutVictim(size);
    }
    if (size < topSize) {
      return cutTop(size);
    }
    return growth.allocate(size);
  }

  private long takeWhole(int index) {
    long chunk = small.takeFirst(index);
    useWhole(chunk, SmallBins.size(index));
    return chunk + Chunk.MEM;
  }

  private long cutSmall(int index, long size) {
    long chunk = small.takeFirst(index);
    long rest = SmallBins.size(index) - size;
    if (rest < Chunk.LEAST) {
      useWhole(chunk, size + rest);
    } else {
      cutToVictim(chunk, size, rest);
    }
    return chunk + Chunk.MEM;
  }

  private long cutSmallest(long size) {
    long chunk = trees.smallest();
    long whole = Chunk.size(w, chunk);
    if (!trees.unlink(chunk)) {
      throw Faults.unlinkable(w, chunk, whole);
    }
    if (whole - size < Chunk.LEAST) {
      useWhole(chunk, whole);
    } else {
      cutToVictim(chunk, size, whole - size);
    }
    return chunk + Chunk.MEM;
  }

  /** Serves a large request from a tree, unless the designated victim fits as well or better. */
  private long cutBestFit(long size) {
    long chunk = trees.bestFit(size);
    if (chunk == 0) {
      return 0;
    }
    long rest = Chunk.size(w, chunk) - size;
    if (victimSize >= size && rest >= victimSize - size) {
      return 0;
    }
    if (!trees.unlink(chunk)) {
      throw Faults.unlinkable(w, chunk, size + rest);
    }
    if (rest < Chunk.LEAST) {
      useWhole(chunk, size + rest);
    } else {
      use(chunk, size);
      Chunk.free(w, chunk + size, rest);
      insert(chunk + size, rest);
    }
    return chunk + Chunk.MEM;
  }

  private long cutVictim(long size) {
    long chunk = victim;
    long rest = victimSize - size;
    if (rest >= Chunk.LEAST) {
      victim = chunk + size;
      victimSize = rest;
      Chunk.free(w, chunk + size, rest);
      use(chunk, size);
    } else {
      long whole = victimSize;
      noVictim();
      useWhole(chunk, whole);
    }
    return chunk + Chunk.MEM;
  }

  /** Cuts a chunk from the bottom of top, which is larger. */
  long cutTop(long size) {
    long chunk = top;
    top = chunk + size;
    topSize -= size;
    Chunk.head(w, top, topSize | Chunk.PINUSE);
    use(chunk, size);
    return chunk + Chunk.MEM;
  }

  private void cutToVictim(long chunk, long size, long rest) {
    use(chunk, size);
    Chunk.free(w, chunk + size, rest);
    if (victimSize != 0) {
      small.insert(victim, victimSize); // it was too small for a small request, so it is small
    }
    victim = chunk + size;
    victimSize = rest;
  }

  void noVictim() {
    victim = 0;
    victimSize = 0;
  }

  // ----------------------------------------------------------------------- shared with the others

  void insert(long chunk, long size) {
    if (SmallBins.holds(size)) {
      small.insert(chunk, size);
    } else {
      trees.insert(chunk, size);
    }
  }

  boolean unlink(long chunk, long size) {
    return SmallBins.holds(size) ? small.unlink(chunk, size) : trees.unlink(chunk);
  }

  /** Marks a chunk in use, above one in use; the chunk above it knows already. */
  void use(long chunk, long size) {
    w.putLong(chunk + Chunk.HEAD, size | Chunk.INUSE);
    if (footers) {
      w.putLong(chunk + size, footer);
    }
  }

  /** Marks a chunk in use, above one in use, and tells the chunk above it. */
  void useWhole(long chunk, long size) {
    use(chunk, size);
    Chunk.tellAbove(w, chunk + size);
  }

  /** Gives a chunk in use another size, whatever is below it, and tells the chunk above it. */
  void reuse(long chunk, long size) {
    long below = Chunk.head(w, chunk) & Chunk.PINUSE;
    w.putLong(chunk + Chunk.HEAD, size | Chunk.CINUSE | below);
    if (footers) {
      w.putLong(chunk + size, footer);
    }
    Chunk.tellAbove(w, chunk + size);
  }

  /** {@return whether an address lies in a segment or begins a chunk with its own span} */
  boolean covers(long chunk) {
    return segments.holding(chunk) != 0 || direct.contains(chunk);
  }

  /** Makes the rest of the newest segment top. */
  void beginTop(long chunk, long size) {
    top = chunk;
    topSize = size;
    Chunk.head(w, chunk, size | Chunk.PINUSE);
    Chunk.head(w, chunk + size, Chunk.TOP_FOOT);
    trimCheck = settings.trimThreshold();
  }
}
