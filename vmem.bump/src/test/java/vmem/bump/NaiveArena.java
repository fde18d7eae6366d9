package vmem.bump;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;

/** What an arena has to answer, worked out quantum by quantum. Addresses in the lower half. */
final class NaiveArena {
  private final long quantum;
  private final List<long[]> spans = new ArrayList<>(); // frontier and end, in rising order
  final TreeMap<Long, Long> live = new TreeMap<>();

  NaiveArena(long quantum) {
    this.quantum = quantum;
  }

  void addSpan(long base, long size) {
    spans.add(new long[] {base, base + size});
    spans.sort(Comparator.comparingLong(span -> span[1]));
  }

  /** {@return the lowest base that will do, which is taken} */
  long take(long size, AddressConstraints where) {
    for (long[] span : spans) {
      for (long at = span[0]; at + size <= span[1]; at += quantum) {
        if (isGood(at, size, where)) {
          span[0] = at + (size + quantum - 1) / quantum * quantum;
          live.put(at, size);
          return at;
        }
      }
    }
    return AddressArena.NONE;
  }

  private static boolean isGood(long at, long size, AddressConstraints where) {
    boolean isAligned = where.align() == 0 || at % where.align() == where.phase();
    boolean isWhole =
        where.nocross() == 0 || at / where.nocross() == (at + size - 1) / where.nocross();
    boolean isLow = where.max() == 0 || at + size <= where.max();
    return isAligned && isWhole && isLow && at >= where.min();
  }

  long freeBytes() {
    long bytes = 0;
    for (long[] span : spans) {
      bytes += span[1] - span[0];
    }
    return bytes;
  }

  String liveShown() {
    StringBuilder text = new StringBuilder();
    live.forEach((base, size) -> text.append("%x+%x ".formatted(base, size)));
    return text.toString().strip();
  }
}
