package trace.ranges;

import java.util.Map;
import java.util.TreeMap;

/**
 * The parts of one range that are still mapped: offsets of first bytes with those of their ends.
 */
final class Pieces {
  private final TreeMap<Long, Long> endOfStart = new TreeMap<>();

  Pieces(long bytes) {
    endOfStart.put(0L, bytes);
  }

  Pieces(Pieces other) {
    endOfStart.putAll(other.endOfStart);
  }

  boolean isEmpty() {
    return endOfStart.isEmpty();
  }

  /** Returns whether the whole part is mapped. */
  boolean holds(long offset, long bytes) {
    Map.Entry<Long, Long> piece = endOfStart.floorEntry(offset);
    return piece != null && bytes <= piece.getValue() - offset;
  }

  /** Takes a part away that is mapped. */
  void remove(long offset, long bytes) {
    Map.Entry<Long, Long> piece = endOfStart.floorEntry(offset);
    if (piece == null) {
      throw new IllegalArgumentException("offset " + offset + " is not mapped");
    }
    long start = piece.getKey();
    long end = piece.getValue();
    endOfStart.remove(start);
    if (start < offset) {
      endOfStart.put(start, offset);
    }
    if (offset + bytes < end) {
      endOfStart.put(offset + bytes, end);
    }
  }

  /** Returns the number of bytes that are mapped. */
  long bytes() {
    return endOfStart.entrySet().stream().mapToLong(e -> e.getValue() - e.getKey()).sum();
  }
}
