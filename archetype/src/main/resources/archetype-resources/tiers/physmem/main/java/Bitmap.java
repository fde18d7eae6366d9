package ${package};

import allocator.api.AllocatorException;
import allocator.api.CorruptionException;
import allocator.api.RangeVisitor;
import java.util.BitSet;
import java.util.List;
import physmem.api.FrameConstraints;
import physmem.api.FrameSpan;

/**
 * Three bits per frame: whether it is ours, whether it is free, whether a live range begins at it.
 *
 * <p>A live range goes on to the next one's beginning, to a free frame or to one that is not ours.
 * Not safe for use by several threads.
 */
final class Bitmap {
  private static final long NONE = -1;

  private final BitSet managed = new BitSet();
  private final BitSet free = new BitSet();
  private final BitSet starts = new BitSet();
  private final long managedFrames;
  private long freeFrames;
  private long steps;

  Bitmap(List<FrameSpan> spans) {
    for (FrameSpan span : spans) {
      if (span.end() > Integer.MAX_VALUE) {
        throw new AllocatorException(
            "frame 0x%x: a bit set has room for frames below 0x%x"
                .formatted(span.end() - 1, Integer.MAX_VALUE));
      }
      managed.set((int) span.start(), (int) span.end());
    }
    managedFrames = managed.cardinality();
    clear();
  }

  /** Frees everything. */
  private void clear() {
    free.or(managed);
    starts.clear();
    freeFrames = managedFrames;
  }

  /**
   * Finds the highest run of free frames within limits, so that low frames are left for those who
   * can use no others.
   *
   * @return its first frame, or -1
   */
  long find(long count, FrameConstraints where) {
    long high = Math.min(where.high(), managed.length());
    long last = high <= 0 ? NONE : free.previousSetBit((int) high - 1);
    while (last != NONE) {
      steps++;
      long first = place(last + 1, count, where);
      if (first < where.low() || first < 0) {
        return NONE;
      }
      long hole = free.previousClearBit((int) (first + count - 1));
      if (hole < first) {
        return first;
      }
      last = hole < 0 ? NONE : free.previousSetBit((int) hole);
    }
    return NONE;
  }

  /** {@return the highest place for a run that ends at or below a frame; negative if none} */
  private static long place(long end, long count, FrameConstraints where) {
    long first = end - count & -where.align();
    long boundary = where.boundary();
    if (first < 0 || boundary == 0 || (first ^ (first + count - 1)) < boundary) {
      return first;
    }
    // The run crosses a boundary: end at the highest one that it crosses.
    return count > boundary ? NONE : ((first + count - 1 & -boundary) - count) & -where.align();
  }

  /** Makes a live range of free frames. */
  void take(long frame, long count) {
    free.clear((int) frame, (int) (frame + count));
    starts.set((int) frame);
    freeFrames -= count;
  }

  /** Frees frames of live ranges. What is left behind them is a range of its own. */
  void give(long frame, long count) {
    int end = (int) (frame + count);
    if (isAllocated(end)) {
      starts.set(end);
    }
    free.set((int) frame, end);
    starts.clear((int) frame, end);
    freeFrames += count;
  }

  /** {@return whether frames are all ours and free} */
  boolean isFree(long frame, long count) {
    return within(frame, count) && free.nextClearBit((int) frame) >= frame + count;
  }

  /** {@return whether frames are all ours and allocated} */
  boolean isAllocated(long frame, long count) {
    if (!within(frame, count) || managed.nextClearBit((int) frame) < frame + count) {
      return false;
    }
    int next = free.nextSetBit((int) frame);
    return next < 0 || next >= frame + count;
  }

  private boolean isAllocated(int frame) {
    return managed.get(frame) && !free.get(frame);
  }

  private boolean within(long frame, long count) {
    return frame >= 0 && count > 0 && frame <= managed.length() - count;
  }

  /** {@return whether a live range begins at a frame and has this length} */
  boolean isLive(long frame, long count) {
    return isAllocated(frame, count) && starts.get((int) frame) && end((int) frame) == frame + count;
  }

  private int end(int start) {
    int end = managed.nextClearBit(start);
    int nextFree = free.nextSetBit(start);
    int nextStart = starts.nextSetBit(start + 1);
    end = nextFree < 0 ? end : Math.min(end, nextFree);
    return nextStart < 0 ? end : Math.min(end, nextStart);
  }

  /** Shows the live ranges in rising order, with attribute 0. */
  void walk(RangeVisitor visitor) {
    for (int at = starts.nextSetBit(0); at >= 0; at = starts.nextSetBit(at + 1)) {
      if (!visitor.visit(at, end(at) - at, 0)) {
        return;
      }
    }
  }

  /** Shows the runs of free frames of a span in rising order. */
  void walkFree(FrameSpan span, RangeVisitor visitor) {
    int at = free.nextSetBit((int) span.start());
    while (at >= 0 && at < span.end()) {
      long end = Math.min(free.nextClearBit(at), span.end());
      if (!visitor.visit(at, end - at, 0)) {
        return;
      }
      at = free.nextSetBit((int) end);
    }
  }

  long freeFrames() {
    return freeFrames;
  }

  /** {@return runs that searches have looked at} */
  long steps() {
    return steps;
  }

  /** {@return the bytes that the bits take} */
  long bytes() {
    return (managed.size() + free.size() + starts.size()) / Byte.SIZE;
  }

  /** Looks at each frame and returns the number of facts that hold. */
  long check() {
    boolean liveBefore = false;
    for (int frame = 0; frame <= managed.length(); frame++) {
      boolean live = isAllocated(frame);
      expect(!free.get(frame) || managed.get(frame), "is free and not ours", frame);
      expect(!starts.get(frame) || live, "begins a range and is not allocated", frame);
      expect(!live || liveBefore || starts.get(frame), "is allocated without a beginning", frame);
      liveBefore = live;
    }
    expect(freeFrames == free.cardinality(), "frames are free by the count", freeFrames);
    return 3L * (managed.length() + 1) + 1;
  }

  private static void expect(boolean fact, String what, long value) {
    if (!fact) {
      throw new CorruptionException("bitmap: 0x%x %s".formatted(value, what));
    }
  }
}
