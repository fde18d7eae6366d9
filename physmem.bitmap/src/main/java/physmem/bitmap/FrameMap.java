package physmem.bitmap;

import static physmem.bitmap.Stretches.NONE;

import allocator.api.CorruptionException;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import physmem.api.FrameConstraints;
import physmem.api.FrameFlags;

/**
 * The two bitmaps, and what is done with them. Knows neither CPUs nor zones: a request has a limit.
 * Not safe for use by several threads.
 */
final class FrameMap {
  private final Stretches stretches;
  private final Bits free;
  private final Bits heads;
  private final BlockSearch search;
  private long freeFrames;

  FrameMap(Stretches stretches, Bits free, Bits heads) {
    this.stretches = stretches;
    this.free = free;
    this.heads = heads;
    this.search = new BlockSearch(free);
    reset();
  }

  /** Makes everything free. */
  void reset() {
    heads.put(0, heads.count(), false);
    for (int i = 0; i < stretches.count(); i++) {
      free.put(stretches.firstBit(i), stretches.endBit(i), true);
    }
    freeFrames = stretches.frames();
  }

  Stretches stretches() {
    return stretches;
  }

  Bits free() {
    return free;
  }

  Bits heads() {
    return heads;
  }

  long freeFrames() {
    return freeFrames;
  }

  long wordsSearched() {
    return search.words();
  }

  /** {@return the first bit of a block that was free and is one live range now, or NONE} */
  long takeBlock(int order, long cursor, long limit) {
    long from = cursor < limit ? cursor : 0;
    long found = search.find(order, from, limit);
    if (found == NONE && from > 0) {
      found = search.find(order, 0, limit);
    }
    if (found != NONE) {
      take(found, 1L << order);
    }
    return found;
  }

  private void take(long bit, long count) {
    free.put(bit, bit + count, false);
    heads.put(bit, bit + 1, true);
    freeFrames -= count;
  }

  /** {@return whether the frames were all free and are one live range now} */
  boolean takeAt(long frame, long count) {
    long bit = stretches.bitOf(frame, count);
    if (bit == NONE || free.next(false, bit, bit + count) < bit + count) {
      return false;
    }
    take(bit, count);
    return true;
  }

  /** {@return whether the frames are managed and none of them is live} */
  boolean isFree(long frame, long count) {
    long bit = frame < 0 || count < 1 ? NONE : stretches.bitOf(frame, count);
    return bit != NONE && free.next(false, bit, bit + count) == bit + count;
  }

  /** {@return the first frame of the lowest run within constraints, live now, or NONE} */
  long takeRun(long count, FrameConstraints where, long limit) {
    for (int i = 0; i < stretches.count(); i++) {
      long shift = stretches.firstBit(i) - stretches.frameOf(stretches.firstBit(i));
      long low = Math.max(where.low() + shift, stretches.firstBit(i));
      long high =
          Math.min(
              Math.min(where.high() - count, limit - count) + shift + count, stretches.endBit(i));
      long found = lowest(count, low, high, shift, where);
      if (found != NONE) {
        take(found, count);
        return found - shift;
      }
    }
    return NONE;
  }

  private long lowest(long count, long low, long high, long shift, FrameConstraints where) {
    for (long at = low; at <= high - count; ) {
      long begin = place(free.next(true, at, high) - shift, count, where) + shift;
      if (begin < at || begin > high - count) {
        return NONE;
      }
      long blocked = free.next(false, begin, begin + count);
      if (blocked == begin + count) {
        return begin;
      }
      at = blocked + 1;
    }
    return NONE;
  }

  /** {@return the lowest frame from one on with the right alignment that crosses no boundary} */
  private static long place(long from, long count, FrameConstraints where) {
    long at = roundUp(from, where.align());
    long boundary = where.boundary();
    if (boundary == 0 || (at & -boundary) == (at + count - 1 & -boundary)) {
      return at;
    }
    return count > boundary ? Long.MIN_VALUE / 2 : roundUp(at, Math.max(boundary, where.align()));
  }

  private static long roundUp(long value, long unit) {
    return value + unit - 1 & -unit;
  }

  /**
   * Frees a block.
   *
   * @throws MisuseException if the frames are not exactly one live range
   */
  void giveBlock(long frame, int order) {
    if (!isLive(frame, order)) {
      throw new MisuseException(
          "free of frame 0x%x, order %d: no such block is live".formatted(frame, order));
    }
    give(stretches.bitOf(frame, 1), 1L << order);
  }

  /** {@return whether the frames are exactly one live range} */
  boolean isLive(long frame, int order) {
    boolean sane = order >= 0 && order <= BitmapFrames.MAX_ORDER && frame >= 0;
    long count = sane ? 1L << order : 1;
    long bit = sane ? stretches.bitOf(frame, count) : NONE;
    return bit != NONE && !free.get(bit) && heads.get(bit) && endOf(bit) == bit + count;
  }

  // The bit behind the live range that a bit belongs to: the next head or the next that is no live
  // frame.
  private long endOf(long bit) {
    long limit = stretches.endBit(stretches.indexOf(bit));
    long freed = free.next(true, bit, limit);
    return heads.next(true, bit + 1, freed);
  }

  private void give(long bit, long count) {
    long end = bit + count;
    free.put(bit, end, true);
    heads.put(bit, end, false);
    freeFrames += count;
  }

  /**
   * Frees frames of one range or several, and leaves the rest of them live.
   *
   * @throws MisuseException if a frame is not live; nothing is freed then
   */
  void giveRange(long frame, long count) {
    long bit = frame < 0 || count < 1 || frame + count < 0 ? NONE : stretches.bitOf(frame, count);
    if (bit == NONE || free.next(true, bit, bit + count) < bit + count) {
      throw new MisuseException(
          "free of %d frames from 0x%x: not all of them are live".formatted(count, frame));
    }
    long end = bit + count;
    if (end < stretches.endBit(stretches.indexOf(bit)) && !free.get(end)) {
      heads.put(end, end + 1, true); // what is left behind is a range of its own
    }
    give(bit, count);
  }

  /** Shows the live ranges in rising order. */
  void walk(RangeVisitor visitor) {
    for (int i = 0; i < stretches.count(); i++) {
      long limit = stretches.endBit(i);
      for (long at = free.next(false, stretches.firstBit(i), limit); at < limit; ) {
        if (!heads.get(at)) {
          throw new CorruptionException(
              "frame 0x%x is live, and no range begins there or goes on"
                  .formatted(stretches.frameOf(at)));
        }
        long end = heads.next(true, at + 1, free.next(true, at, limit));
        if (!visitor.visit(stretches.frameOf(at), end - at, attributes(at, end - at))) {
          return;
        }
        at = free.next(false, end, limit);
      }
    }
  }

  private static long attributes(long bit, long count) {
    boolean block =
        Long.bitCount(count) == 1
            && count <= 1L << BitmapFrames.MAX_ORDER
            && (bit & count - 1) == 0;
    return FrameFlags.attributes(
        block ? Long.numberOfTrailingZeros(count) : FrameFlags.RUN, FrameFlags.UNMOVABLE);
  }
}
