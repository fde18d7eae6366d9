package allocator.arena;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.StringJoiner;

/**
 * The arena in its plainest form, for spans that do not touch: one list of free extents, last freed
 * first, each as {start, size}. Everything is looked for by going through all of it.
 */
final class NaiveArena {
  private final long quantum;
  private final List<long[]> free = new ArrayList<>();

  NaiveArena(long quantum) {
    this.quantum = quantum;
  }

  void addSpan(long base, long size) {
    free.addFirst(new long[] {base, size});
  }

  /** {@return where an allocation has to go} Not for next fit. */
  long choose(long size, Fit policy) {
    boolean certain = policy == Fit.INSTANT && certainList(size) < 64;
    for (int list = certain ? certainList(size) : listOf(size); list < 64; list++) {
      int wanted = list;
      List<long[]> fits =
          free.stream().filter(e -> listOf(e[1]) == wanted && e[1] >= size).toList();
      if (!fits.isEmpty()) {
        return policy == Fit.BEST
            ? fits.stream().min(Comparator.comparingLong(e -> e[1])).orElseThrow()[0]
            : fits.getFirst()[0];
      }
    }
    return Arena.NONE;
  }

  /** {@return the first list that has a member and whose members all suffice, or 64} */
  private int certainList(long size) {
    int from = Long.bitCount(size) == 1 ? listOf(size) : listOf(size) + 1;
    return free.stream().mapToInt(e -> listOf(e[1])).filter(list -> list >= from).min().orElse(64);
  }

  boolean hasRoom(long size) {
    return free.stream().anyMatch(e -> e[1] >= size);
  }

  boolean isFree(long base, long size) {
    return free.stream().anyMatch(e -> base - e[0] >= 0 && base - e[0] + rounded(size) <= e[1]);
  }

  void take(long base, long size) {
    long whole = rounded(size);
    for (int i = 0; i < free.size(); i++) {
      long[] extent = free.get(i);
      long before = base - extent[0];
      if (before >= 0 && before + whole <= extent[1]) {
        long after = extent[1] - before - whole;
        if (before == 0 && after > 0 && listOf(after) == listOf(extent[1])) {
          extent[0] += whole; // keeps its place
          extent[1] = after;
          return;
        }
        free.remove(i);
        addFree(base + whole, after);
        addFree(extent[0], before);
        return;
      }
    }
    throw new IllegalStateException("not free: " + base);
  }

  private void addFree(long start, long size) {
    if (size != 0) {
      free.addFirst(new long[] {start, size});
    }
  }

  void give(long base, long size) {
    long start = base;
    long whole = rounded(size);
    for (int i = free.size() - 1; i >= 0; i--) {
      long[] extent = free.get(i);
      boolean below = extent[0] + extent[1] == start;
      boolean above = extent[0] == start + whole;
      if (below || above) {
        start = below ? extent[0] : start;
        whole += extent[1];
        free.remove(i);
      }
    }
    free.addFirst(new long[] {start, whole});
  }

  long freeBytes() {
    return free.stream().mapToLong(e -> e[1]).sum();
  }

  String shown() {
    StringJoiner text = new StringJoiner(" ");
    free.stream()
        .sorted((a, b) -> Long.compareUnsigned(a[0], b[0]))
        .forEach(e -> text.add("%x+%x".formatted(e[0], e[1])));
    return text.toString();
  }

  private long rounded(long size) {
    return (size + quantum - 1) / quantum * quantum;
  }

  private static int listOf(long size) {
    return 63 - Long.numberOfLeadingZeros(size);
  }
}
