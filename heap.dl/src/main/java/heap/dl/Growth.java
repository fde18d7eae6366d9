package heap.dl;

import hardware.api.Window;
import heap.api.BackedSpans;

/**
 * How a space gets more memory from below: in place where it can, else as a new segment, and for
 * large requests, if that is on, as a span of their own. Called when no chunk at hand fits.
 */
final class Growth {
  /**
   * Alignment of the first span. The largest leaf that x86-64 page tables have below a gigabyte:
   * the heap's start can be mapped with large pages, and offsets into the heap have the same low
   * bits on every machine.
   */
  static final long FIRST_ALIGN = 2L << 20;

  /** Bytes held from below. */
  long footprint;

  /** The most bytes that were held from below. */
  long peak;

  /** The footprint may not exceed this. */
  long limit;

  /**
   * Growth in place is asked for with what top has already counted in; ends with a first refusal.
   */
  boolean contiguous;

  /** Large requests may get spans of their own. */
  boolean directly;

  /** Spans imported, extensions in place included. */
  long imports;

  /** Requests that nothing could serve. */
  long failures;

  private final DlSpace space;
  private final Window w;
  private final BackedSpans spans;
  private final DlSettings settings;

  Growth(DlSpace space) {
    this.space = space;
    this.w = space.window;
    this.spans = space.spans;
    this.settings = space.settings;
    this.limit = settings.footprintLimit();
    this.contiguous = settings.contiguous();
    this.directly = settings.mmapThreshold() != 0;
  }

  /**
   * Answers a request so large that nothing is asked of below. It counts as a refused growth in
   * place, as the original has it.
   */
  long refuseHuge() {
    contiguous &= limit != Long.MAX_VALUE;
    return refuse();
  }

  /** Counts a request that cannot be served, and answers it. */
  private long refuse() {
    failures++;
    return 0;
  }

  /**
   * Serves a request for which no chunk at hand is large enough.
   *
   * @param size the chunk size
   * @return the block, or 0
   */
  long allocate(long size) {
    if (settings.fixed()) {
      return space.top == 0 && openFixed() && size < space.topSize ? space.cutTop(size) : refuse();
    }
    if (directly && size >= settings.mmapThreshold() && space.topSize != 0) {
      long mem = allocateDirect(size);
      if (mem != 0) {
        return mem;
      }
    }
    long bytes = granules(size + Chunk.GROWTH_PAD);
    if (exceeds(bytes)) {
      return refuse();
    }
    long mem = space.top == 0 ? first(size, bytes) : more(size, bytes);
    return mem == 0 ? refuse() : mem;
  }

  private boolean exceeds(long bytes) {
    return bytes > limit - footprint;
  }

  private long granules(long bytes) {
    return (bytes + settings.granularity() - 1) & -settings.granularity();
  }

  private void hold(long base, long bytes) {
    footprint += bytes;
    peak = Math.max(peak, footprint);
    space.segments.include(base, bytes);
    imports++;
  }

  private boolean openFixed() {
    long bytes = settings.capacity();
    if (exceeds(bytes)) {
      return false;
    }
    long base = spans.allocate(bytes, FIRST_ALIGN);
    if (base == BackedSpans.NONE) {
      return false;
    }
    hold(base, bytes);
    space.segments.newest(base, bytes, 0, Segments.EXTERNAL);
    space.beginTop(base, bytes - Chunk.TOP_FOOT);
    return true;
  }

  private long first(long size, long bytes) {
    long base = spans.allocate(bytes, FIRST_ALIGN);
    if (base == BackedSpans.NONE) {
      contiguous = false;
      return 0;
    }
    hold(base, bytes);
    space.segments.newest(base, bytes, 0, 0);
    space.beginTop(base, bytes - Chunk.TOP_FOOT);
    return space.cutTop(size);
  }

  private long more(long size, long bytes) {
    if (settings.contiguous() && extend(size, bytes)) {
      return space.cutTop(size);
    }
    long base = spans.allocate(bytes, settings.granularity());
    if (base == BackedSpans.NONE) {
      return 0;
    }
    hold(base, bytes);
    return place(base, bytes, size);
  }

  /**
   * Grows top's segment in place. At first only by what top lacks; once that has failed, by the
   * whole request, as the original goes on after its break was refused.
   */
  private boolean extend(long size, long bytes) {
    long segment = space.segments.holding(space.top);
    long end = space.segments.end(segment);
    long lacking = contiguous ? granules(size - space.topSize + Chunk.GROWTH_PAD) : bytes;
    if (!spans.extend(end, lacking)) {
      contiguous = false;
      return false;
    }
    hold(end, lacking);
    append(segment, lacking);
    return true;
  }

  private void append(long segment, long bytes) {
    space.segments.size(segment, space.segments.size(segment) + bytes);
    space.beginTop(space.top, space.topSize + bytes);
  }

  /** Joins a new span to the segment that it happens to touch, or makes it one of its own. */
  private long place(long base, long bytes, long size) {
    Segments segments = space.segments;
    long before = segments.endingAt(base);
    long after = segments.beginningAt(base + bytes);
    if (before != 0 && segments.holds(before, space.top)) {
      append(before, bytes);
    } else if (after != 0) {
      segments.base(after, base);
      segments.size(after, segments.size(after) + bytes);
      return prepend(base, base + bytes, size);
    } else {
      addSegment(base, bytes);
    }
    return size < space.topSize ? space.cutTop(size) : 0;
  }

  /**
   * Cuts a block from the start of a span and merges the rest with the old segment's first chunk.
   */
  private long prepend(long chunk, long oldFirst, long size) {
    long rest = chunk + size;
    long restSize = oldFirst - rest;
    space.use(chunk, size);
    if (oldFirst == space.top) {
      space.top = rest;
      space.topSize += restSize;
      Chunk.head(w, rest, space.topSize | Chunk.PINUSE);
    } else if (oldFirst == space.victim) {
      space.victim = rest;
      space.victimSize += restSize;
      Chunk.free(w, rest, space.victimSize);
    } else {
      mergeFirst(rest, restSize, oldFirst);
    }
    return chunk + Chunk.MEM;
  }

  private void mergeFirst(long rest, long restSize, long oldFirst) {
    long size = restSize;
    long above = oldFirst;
    if (!Chunk.inUse(w, oldFirst)) {
      long oldSize = Chunk.size(w, oldFirst);
      if (!space.unlink(oldFirst, oldSize)) {
        throw Faults.unlinkable(w, oldFirst, oldSize);
      }
      size += oldSize;
      above = oldFirst + oldSize;
    }
    Chunk.freeBelow(w, rest, size, above);
    space.insert(rest, size);
  }

  /**
   * Makes a span the newest segment. The one before gets its record and fences into the foot that
   * was kept free for them, and what is left of its top becomes an ordinary free chunk.
   */
  private void addSegment(long base, long bytes) {
    long oldTop = space.top;
    long oldSize = space.topSize;
    long oldEnd = space.segments.end(space.segments.holding(oldTop));
    long record = oldSize < Chunk.LEAST ? oldTop : oldTop + oldSize;
    space.beginTop(base, bytes - Chunk.TOP_FOOT);
    space.use(record, Chunk.RECORD);
    Chunk.head(w, record, Chunk.RECORD | Chunk.INUSE | Chunk.FLAG4); // nobody's block
    space.segments.store(record + Chunk.MEM);
    space.segments.newest(base, bytes, record + Chunk.MEM, 0);
    for (long fence = record + Chunk.RECORD; fence + Chunk.HEAD < oldEnd; fence += 8) {
      Chunk.head(w, fence, Chunk.FENCE);
    }
    if (record != oldTop) {
      Chunk.freeBelow(w, oldTop, oldSize, record);
      space.insert(oldTop, oldSize);
    }
  }

  // ---------------------------------------------------------------------- chunks with their own
  // span

  private long allocateDirect(long size) {
    long page = spans.pageBytes();
    long bytes = (size + Chunk.DIRECT_PAD + page - 1) & -page;
    if (exceeds(bytes)) {
      return 0;
    }
    space.direct.reserve();
    long base = spans.allocate(bytes, page);
    if (base == BackedSpans.NONE) {
      return 0;
    }
    hold(base, bytes);
    space.direct.add(base, base, bytes);
    w.putLong(base, 0);
    shapeDirect(base, bytes - Chunk.DIRECT_FOOT);
    return base + Chunk.MEM;
  }

  private void shapeDirect(long chunk, long size) {
    Chunk.head(w, chunk, size);
    Chunk.head(w, chunk + size, Chunk.FENCE);
    Chunk.head(w, chunk + size + 8, 0);
  }

  /**
   * Changes the size of a chunk with its own span, in place.
   *
   * @return whether it has the new size; too small a size is refused
   */
  boolean resizeDirect(long chunk, long size) {
    long oldSize = Chunk.size(w, chunk);
    if (SmallBins.holds(size)) {
      return false;
    }
    if (oldSize >= size + 8 && oldSize - size <= settings.granularity() << 1) {
      return true;
    }
    long base = space.direct.base(chunk);
    long oldBytes = space.direct.size(chunk);
    long page = spans.pageBytes();
    long bytes = (size + (chunk - base) + Chunk.DIRECT_PAD + page - 1) & -page;
    if (bytes > oldBytes
        && (exceeds(bytes - oldBytes) || !spans.extend(base + oldBytes, bytes - oldBytes))) {
      return false;
    }
    if (bytes < oldBytes) {
      spans.release(base + bytes, oldBytes - bytes);
    }
    space.direct.remove(chunk);
    space.direct.add(chunk, base, bytes);
    footprint += bytes - oldBytes;
    peak = Math.max(peak, footprint);
    space.segments.remeasure(space.direct);
    shapeDirect(chunk, bytes - (chunk - base) - Chunk.DIRECT_FOOT);
    return true;
  }
}
