package workbench.ranges;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Addresses that an arena has handed out at any time. */
final class UsedAddresses {
  private final NavigableMap<Long, Long> endOfStart = new TreeMap<>();

  /**
   * Adds a range.
   *
   * @return how many bytes of it were there already
   */
  long add(long start, long end) {
    long known = 0;
    long from = start;
    long to = end;
    Map.Entry<Long, Long> piece = endOfStart.floorEntry(end);
    while (piece != null && piece.getValue() >= start) {
      known += Math.max(0, Math.min(end, piece.getValue()) - Math.max(start, piece.getKey()));
      from = Math.min(from, piece.getKey());
      to = Math.max(to, piece.getValue());
      endOfStart.remove(piece.getKey());
      piece = endOfStart.floorEntry(end);
    }
    endOfStart.put(from, to);
    return known;
  }

  /** Returns the distance from the lowest address to the end of the highest, 0 if there is none. */
  long extent() {
    return endOfStart.isEmpty() ? 0 : endOfStart.lastEntry().getValue() - endOfStart.firstKey();
  }
}
