package tck.heap.faults;

import allocator.api.CorruptionException;
import java.util.Map;
import java.util.TreeMap;

/** Free ranges by address, neighbours joined; the lowest that fits is taken. */
final class Room {
  private final TreeMap<Long, Long> gaps = new TreeMap<>(); // address to bytes

  /** {@return the lowest address where a range fits, 0 if there is none} */
  long find(long bytes, long align) {
    for (Map.Entry<Long, Long> gap : gaps.entrySet()) {
      long at = up(gap.getKey(), align);
      if (at + bytes <= gap.getKey() + gap.getValue()) {
        return at;
      }
    }
    return 0;
  }

  static long up(long value, long align) {
    return (value + align - 1) & -align;
  }

  /** {@return whether all of a range is free} */
  boolean covers(long at, long bytes) {
    Map.Entry<Long, Long> gap = gaps.floorEntry(at);
    return gap != null && at + bytes <= gap.getKey() + gap.getValue();
  }

  /** Takes a range, all of which is free. */
  void take(long at, long bytes) {
    Map.Entry<Long, Long> gap = gaps.floorEntry(at);
    if (gap == null || at + bytes > gap.getKey() + gap.getValue()) {
      throw new CorruptionException("0x%x + %d is not free".formatted(at, bytes));
    }
    long from = gap.getKey();
    long to = from + gap.getValue();
    gaps.remove(from);
    if (from < at) {
      gaps.put(from, at - from);
    }
    if (at + bytes < to) {
      gaps.put(at + bytes, to - at - bytes);
    }
  }

  /** Adds a range, none of which is free. */
  void give(long at, long bytes) {
    if (bytes == 0) {
      return;
    }
    long from = at;
    long to = at + bytes;
    Map.Entry<Long, Long> below = gaps.lowerEntry(at);
    if (below != null && below.getKey() + below.getValue() == at) {
      from = below.getKey();
    }
    Long above = gaps.remove(to);
    gaps.put(from, to + (above == null ? 0 : above) - from);
  }

  /** {@return the bytes that are free} */
  long bytes() {
    return gaps.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Empties it. */
  void clear() {
    gaps.clear();
  }
}
