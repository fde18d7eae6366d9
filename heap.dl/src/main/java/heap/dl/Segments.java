package heap.dl;

import hardware.api.Window;

/**
 * The segments of a space: the spans it imported, each a stretch of chunks end to end. The newest
 * one, which is where top lies after each growth, is described by fields here; the record of every
 * other lies at its own end, in simulated memory, as a chunk that is always in use.
 *
 * <pre>
 *  record: +0 base   +8 size   +16 next record, 0 at the end   +24 flags, 4 bytes
 * </pre>
 *
 * A segment is named by its record's address, the newest by {@link #NEWEST}. Not safe for use by
 * several threads.
 */
final class Segments {
  /** The name of the segment that the fields describe; no record lies at this address. */
  static final long NEWEST = 1;

  /** The segment was given once and for all: it neither grows, nor shrinks, nor merges. */
  static final int EXTERNAL = 8; // the original's EXTERN_BIT

  private static final long SIZE = 8;
  private static final long NEXT = 16;
  private static final long KIND = 24;

  /** Lowest address of any segment or chunk with a span of its own. */
  long least;

  /** Distance from {@link #least} to the highest end. */
  long extent;

  private long base;
  private long size;
  private long next;
  private int flags;

  private final Window w;

  Segments(Window window) {
    this.w = window;
  }

  /** {@return the first segment to look at, or 0 if there is none} */
  long first() {
    return size == 0 ? 0 : NEWEST;
  }

  long base(long segment) {
    return segment == NEWEST ? base : w.getLong(segment);
  }

  void base(long segment, long value) {
    if (segment == NEWEST) {
      base = value;
    } else {
      w.putLong(segment, value);
    }
  }

  long size(long segment) {
    return segment == NEWEST ? size : w.getLong(segment + SIZE);
  }

  void size(long segment, long value) {
    if (segment == NEWEST) {
      size = value;
    } else {
      w.putLong(segment + SIZE, value);
    }
  }

  long next(long segment) {
    return segment == NEWEST ? next : w.getLong(segment + NEXT);
  }

  void next(long segment, long value) {
    if (segment == NEWEST) {
      next = value;
    } else {
      w.putLong(segment + NEXT, value);
    }
  }

  int flags(long segment) {
    return segment == NEWEST ? flags : w.getInt(segment + KIND);
  }

  long end(long segment) {
    return base(segment) + size(segment);
  }

  boolean external(long segment) {
    return (flags(segment) & EXTERNAL) != 0;
  }

  boolean holds(long segment, long address) {
    return Long.compareUnsigned(address - base(segment), size(segment)) < 0;
  }

  /** {@return the segment that an address lies in, or 0} */
  long holding(long address) {
    long segment = first();
    while (segment != 0 && !holds(segment, address)) {
      segment = next(segment);
    }
    return segment;
  }

  /** {@return the segment that ends at an address, or 0} */
  long endingAt(long address) {
    long segment = first();
    while (segment != 0 && end(segment) != address) {
      segment = next(segment);
    }
    return segment;
  }

  /** {@return the segment that begins at an address, or 0} */
  long beginningAt(long address) {
    long segment = first();
    while (segment != 0 && base(segment) != address) {
      segment = next(segment);
    }
    return segment;
  }

  /** {@return whether a segment contains the record of any segment, its own included} */
  boolean holdsRecord(long segment) {
    for (long s = first(); s != 0; s = next(s)) {
      if (s != NEWEST && holds(segment, s)) {
        return true;
      }
    }
    return false;
  }

  int count() {
    int count = 0;
    for (long s = first(); s != 0; s = next(s)) {
      count++;
    }
    return count;
  }

  /** Sets the newest segment's description. */
  void newest(long newBase, long newSize, long nextRecord, int newFlags) {
    base = newBase;
    size = newSize;
    next = nextRecord;
    flags = newFlags;
  }

  /** Writes the newest segment's description to a record, to make room for a newer one. */
  void store(long record) {
    w.putLong(record, base);
    w.putLong(record + SIZE, size);
    w.putLong(record + NEXT, next);
    w.putInt(record + KIND, flags);
  }

  /** {@return whether a chunk or block address is one that could be in use} */
  boolean outside(long address) {
    return Long.compareUnsigned(address - least, extent) >= 0;
  }

  /** Widens the bounds to take in a new span. */
  void include(long spanBase, long spanSize) {
    if (extent == 0) {
      least = spanBase;
      extent = spanSize;
      return;
    }
    long end = least + extent;
    long spanEnd = spanBase + spanSize;
    least = Long.compareUnsigned(spanBase, least) < 0 ? spanBase : least;
    extent = (Long.compareUnsigned(spanEnd, end) > 0 ? spanEnd : end) - least;
  }

  /** {@return whether a range ends where the bounds end, at either side} */
  boolean atBound(long base, long bytes) {
    return base == least || base + bytes == least + extent;
  }

  /** Recomputes the bounds after a span or a part of one has gone. */
  void remeasure(DirectChunks direct) {
    least = 0;
    extent = 0;
    for (long s = first(); s != 0; s = next(s)) {
      include(base(s), size(s));
    }
    direct.spans((spanBase, spanSize, attributes) -> {
      include(spanBase, spanSize);
      return true;
    });
  }
}
