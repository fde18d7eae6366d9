package vmem.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import vmem.api.AddressConstraints;

/**
 * What an arena has to answer, worked out quantum by quantum: the lowest place, or the highest;
 * what is freed waits. Addresses in the lower half.
 */
final class NaiveArena {
  private static final int FREE = 0;
  private static final int USED = 1;
  private static final int WAITING = 2;

  private final long quantum;
  private final long guard;
  private final long lazyMost;
  private final TreeMap<Long, int[]> spans = new TreeMap<>(); // state of each quantum
  final TreeMap<Long, Long> live = new TreeMap<>();
  private final Map<Long, Long> extents = new TreeMap<>();

  NaiveArena(long quantum, long guard, long lazyMost) {
    this.quantum = quantum;
    this.guard = guard;
    this.lazyMost = lazyMost;
  }

  void addSpan(long base, long size) {
    spans.put(base, new int[(int) (size / quantum)]);
  }

  /** {@return the bases that would do now, in rising order; after a purge if there were none} */
  List<Long> places(long size, AddressConstraints where) {
    List<Long> found = placesNow(size, where);
    if (found.isEmpty()) {
      if (waitingWithin(where) > 0) {
        purge();
        found = placesNow(size, where);
      }
    }
    return found;
  }

  private List<Long> placesNow(long size, AddressConstraints where) {
    List<Long> found = new ArrayList<>();
    for (Map.Entry<Long, int[]> span : spans.entrySet()) {
      for (int i = 0; i < span.getValue().length; i++) {
        long at = span.getKey() + i * quantum;
        if (isGood(at, size, where) && isFree(span.getValue(), i, extent(size))) {
          found.add(at);
        }
      }
    }
    return found;
  }

  private long extent(long size) {
    return (size + quantum - 1) / quantum * quantum + guard;
  }

  private boolean isFree(int[] states, int from, long extent) {
    boolean free = from + extent / quantum <= states.length;
    for (int i = from; free && i < from + extent / quantum; i++) {
      free = states[i] == FREE;
    }
    return free;
  }

  private static boolean isGood(long at, long size, AddressConstraints where) {
    boolean isAligned = where.align() == 0 || at % where.align() == where.phase();
    boolean isWhole =
        where.nocross() == 0 || at / where.nocross() == (at + size - 1) / where.nocross();
    boolean isLow = where.max() == 0 || at + size <= where.max();
    return isAligned && isWhole && isLow && at >= where.min();
  }

  void take(long base, long size) {
    mark(base, extent(size), USED);
    live.put(base, size);
    extents.put(base, extent(size));
  }

  void free(long base) {
    live.remove(base);
    Long extent = extents.remove(base);
    mark(base, extent == null ? 0 : extent, WAITING);
    if (waiting() > lazyMost) {
      purge();
    }
  }

  void purge() {
    for (int[] states : spans.values()) {
      for (int i = 0; i < states.length; i++) {
        states[i] = states[i] == WAITING ? FREE : states[i];
      }
    }
  }

  private void mark(long base, long extent, int state) {
    var span = spans.floorEntry(base);
    for (long at = base; span != null && at < base + extent; at += quantum) {
      span.getValue()[(int) ((at - span.getKey()) / quantum)] = state;
    }
  }

  long waiting() {
    return bytes(WAITING, 0, Long.MAX_VALUE);
  }

  private long waitingWithin(AddressConstraints where) {
    return bytes(WAITING, where.min(), where.max() == 0 ? Long.MAX_VALUE : where.max());
  }

  long freeBytes() {
    return bytes(FREE, 0, Long.MAX_VALUE);
  }

  private long bytes(int state, long min, long max) {
    long bytes = 0;
    for (Map.Entry<Long, int[]> span : spans.entrySet()) {
      for (int i = 0; i < span.getValue().length; i++) {
        long at = span.getKey() + i * quantum;
        boolean isWithin = at + quantum > min && at < max;
        bytes += span.getValue()[i] == state && isWithin ? quantum : 0;
      }
    }
    return bytes;
  }

  String liveShown() {
    StringBuilder text = new StringBuilder();
    live.forEach((base, size) -> text.append("%x+%x ".formatted(base, size)));
    return text.toString().strip();
  }
}
