package physmem.buddy;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A set of frames, as disjoint spans that do not touch. For cold paths; not safe for use by several
 * threads.
 */
final class Spans {
  private final TreeMap<Long, Long> ends = new TreeMap<>(); // first frame to the frame behind
  private long frames;

  /** {@return how many frames are in the set} */
  long frames() {
    return frames;
  }

  /** {@return the spans: first frame to the frame behind the last, in rising order} */
  Map<Long, Long> ends() {
    return java.util.Collections.unmodifiableMap(ends);
  }

  /** {@return how many frames of a range are in the set} */
  long within(long from, long to) {
    long sum = 0;
    Long begin = ends.floorKey(from);
    for (Map.Entry<Long, Long> span : ends.tailMap(begin == null ? from : begin, true).entrySet()) {
      if (span.getKey() >= to) {
        break;
      }
      sum += Math.max(0, Math.min(to, span.getValue()) - Math.max(from, span.getKey()));
    }
    return sum;
  }

  /** Adds a range of which nothing is in the set yet. */
  void add(long from, long to) {
    if (within(from, to) != 0) {
      throw new IllegalArgumentException("frames [%d, %d) are there twice".formatted(from, to));
    }
    frames += to - from;
    Map.Entry<Long, Long> before = ends.floorEntry(from);
    boolean touches = before != null && before.getValue() == from;
    Long behind = ends.remove(to);
    ends.put(touches ? before.getKey() : Long.valueOf(from), behind == null ? to : behind);
  }

  /** Removes a range all of which is in the set. */
  void remove(long from, long to) {
    if (within(from, to) != to - from) {
      throw new IllegalArgumentException("frames [%d, %d) are not all there".formatted(from, to));
    }
    frames -= to - from;
    Map.Entry<Long, Long> span = Objects.requireNonNull(ends.floorEntry(from));
    long begin = span.getKey();
    long end = span.getValue();
    ends.remove(begin);
    if (begin < from) {
      ends.put(begin, from);
    }
    if (to < end) {
      ends.put(to, end);
    }
  }
}
