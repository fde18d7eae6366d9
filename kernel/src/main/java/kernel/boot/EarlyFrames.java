package kernel.boot;

import hardware.api.FrameSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import physmem.api.FrameSpan;

/**
 * The frame allocator that serves before there is one: two sorted arrays of frame ranges, what is
 * RAM and what of it is reserved. Modelled on Linux's memblock.
 *
 * <p>It breaks the circle that a frame allocator needs memory and page tables need frames. When the
 * physmem tier takes over it gets RAM less what is reserved, and nothing here is ever given back.
 */
final class EarlyFrames implements FrameSource {
  private static final int INITIAL_REGIONS = 128; // as memblock: enough for any firmware map

  private final List<FrameSpan> memory;
  private long[] starts = new long[INITIAL_REGIONS];
  private long[] ends = new long[INITIAL_REGIONS];
  private int regions;
  private long lowest;

  /**
   * Begins with nothing reserved.
   *
   * @param memory RAM, in rising order
   */
  EarlyFrames(List<FrameSpan> memory) {
    this.memory = List.copyOf(memory);
  }

  /** Prefers frames from this one on; lower ones are used when those are exhausted. */
  void preferFrom(long frame) {
    lowest = frame;
  }

  /** Reserves the part of a range that is RAM; reserving twice is harmless. */
  void reserve(long start, long count) {
    long end = start + count;
    int first = 0;
    while (first < regions && ends[first] < start) {
      first++;
    }
    int last = first;
    long from = start;
    long to = end;
    while (last < regions && starts[last] <= end) {
      from = Math.min(from, starts[last]);
      to = Math.max(to, ends[last]);
      last++;
    }
    replace(first, last, from, to);
  }

  private void replace(int first, int last, long from, long to) {
    if (regions + 1 > starts.length) {
      starts = Arrays.copyOf(starts, 2 * starts.length);
      ends = Arrays.copyOf(ends, 2 * ends.length);
    }
    int shift = 1 - (last - first);
    System.arraycopy(starts, last, starts, last + shift, regions - last);
    System.arraycopy(ends, last, ends, last + shift, regions - last);
    starts[first] = from;
    ends[first] = to;
    regions += shift;
  }

  /**
   * Finds and reserves a run of frames, lowest first.
   *
   * @return the first frame, or {@link #NONE}
   */
  long take(long count, long align) {
    long found = find(lowest, count, align);
    if (found == NONE) {
      found = find(0, count, align);
    }
    if (found != NONE) {
      reserve(found, count);
    }
    return found;
  }

  private long find(long from, long count, long align) {
    for (FrameSpan span : free()) {
      long start = (Math.max(span.start(), from) + align - 1) & -align;
      if (start + count <= span.end()) {
        return start;
      }
    }
    return NONE;
  }

  @Override
  public long take() {
    return take(1, 1);
  }

  @Override
  public void give(long frame) {
    throw new IllegalStateException("early frame " + frame + " cannot be given back");
  }

  /** {@return whether a frame was reserved here} */
  boolean isReserved(long frame) {
    int i = Arrays.binarySearch(starts, 0, regions, frame);
    int region = i >= 0 ? i : -i - 2;
    return region >= 0 && frame < ends[region];
  }

  /** {@return RAM less what is reserved, in rising order} */
  List<FrameSpan> free() {
    List<FrameSpan> free = new ArrayList<>();
    for (FrameSpan span : memory) {
      long at = span.start();
      for (int i = 0; i < regions && starts[i] < span.end(); i++) {
        if (ends[i] > at) {
          add(free, at, starts[i], span.node());
          at = ends[i];
        }
      }
      add(free, at, span.end(), span.node());
    }
    return free;
  }

  private static void add(List<FrameSpan> to, long start, long end, int node) {
    if (end > start) {
      to.add(new FrameSpan(start, end - start, node));
    }
  }

  /** {@return the number of frames of RAM that are reserved} */
  long reservedFrames() {
    return frames(memory) - frames(free());
  }

  /** {@return the number of frames in the spans} */
  static long frames(List<FrameSpan> spans) {
    return spans.stream().mapToLong(FrameSpan::frames).sum();
  }
}
