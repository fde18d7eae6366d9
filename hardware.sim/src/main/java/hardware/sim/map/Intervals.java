package hardware.sim.map;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * An immutable set of addresses below 2^63 as ascending, disjoint intervals that do not touch.
 *
 * <p>All operations take time linear in the number of intervals, but for {@link #of}, which sorts.
 */
final class Intervals {
  /** The set without addresses. */
  static final Intervals NONE = new Intervals(new long[0], new long[0]);

  private final long[] starts;
  private final long[] ends;

  private Intervals(long[] starts, long[] ends) {
    this.starts = starts;
    this.ends = ends;
  }

  /** The addresses that at least one of the items covers, the item's end being exclusive. */
  static <T> Intervals of(List<T> items, ToLongFunction<T> start, ToLongFunction<T> end) {
    List<T> sorted = new ArrayList<>(items);
    sorted.sort(Comparator.comparingLong(start));
    Builder builder = new Builder(sorted.size());
    sorted.forEach(item -> builder.add(start.applyAsLong(item), end.applyAsLong(item)));
    return builder.build();
  }

  /** Number of intervals. */
  int count() {
    return starts.length;
  }

  /** First address of interval {@code i}. */
  long start(int i) {
    return starts[i];
  }

  /** Address after the last one of interval {@code i}. */
  long end(int i) {
    return ends[i];
  }

  /** Number of addresses. */
  long bytes() {
    return Arrays.stream(ends).sum() - Arrays.stream(starts).sum();
  }

  /** Number of addresses from {@code start} inclusive to {@code end} exclusive. */
  long bytesWithin(long start, long end) {
    int at = Arrays.binarySearch(starts, start);
    long bytes = 0;
    for (int i = Math.max(0, at < 0 ? -at - 2 : at); i < count() && starts[i] < end; i++) {
      bytes += Math.max(0, Math.min(ends[i], end) - Math.max(starts[i], start));
    }
    return bytes;
  }

  /** The addresses of this set or the other. */
  Intervals plus(Intervals other) {
    Builder builder = new Builder(count() + other.count());
    for (int i = 0, j = 0; i < count() || j < other.count(); ) {
      if (j == other.count() || (i < count() && starts[i] <= other.starts[j])) {
        builder.add(starts[i], ends[i++]);
      } else {
        builder.add(other.starts[j], other.ends[j++]);
      }
    }
    return builder.build();
  }

  /** The addresses of this set that are not in the other. */
  Intervals minus(Intervals other) {
    Builder builder = new Builder(count() + other.count());
    for (int i = 0, j = 0; i < count(); i++) {
      long from = starts[i];
      while (j < other.count() && other.ends[j] <= from) {
        j++;
      }
      for (int k = j; k < other.count() && other.starts[k] < ends[i]; k++) {
        builder.add(from, Math.min(other.starts[k], ends[i]));
        from = Math.max(from, other.ends[k]);
      }
      builder.add(from, ends[i]);
    }
    return builder.build();
  }

  /** The whole pages that lie in this set. */
  Intervals inward(long pageSize) {
    Builder builder = new Builder(count());
    for (int i = 0; i < count(); i++) {
      builder.add(up(starts[i], pageSize), down(ends[i], pageSize));
    }
    return builder.build();
  }

  /** The pages that share an address with this set. */
  Intervals outward(long pageSize) {
    Builder builder = new Builder(count());
    for (int i = 0; i < count(); i++) {
      builder.add(down(starts[i], pageSize), up(ends[i], pageSize));
    }
    return builder.build();
  }

  /** The addresses between the first and the last of this set that are not in it. */
  Intervals gaps() {
    Builder builder = new Builder(count());
    for (int i = 1; i < count(); i++) {
      builder.add(ends[i - 1], starts[i]);
    }
    return builder.build();
  }

  /** The address rounded down to a page. */
  static long down(long address, long pageSize) {
    return address & -pageSize;
  }

  /** The address rounded up to a page. */
  static long up(long address, long pageSize) {
    return (address + pageSize - 1) & -pageSize;
  }

  /**
   * Takes intervals in ascending order of their starts; merges what touches, skips what is empty.
   */
  private static final class Builder {
    private final long[] starts;
    private final long[] ends;
    private int count;

    Builder(int capacity) {
      starts = new long[capacity];
      ends = new long[capacity];
    }

    void add(long start, long end) {
      if (start >= end) {
        return;
      }
      if (count > 0 && start <= ends[count - 1]) {
        ends[count - 1] = Math.max(ends[count - 1], end);
      } else {
        starts[count] = start;
        ends[count++] = end;
      }
    }

    Intervals build() {
      return count == 0
          ? NONE
          : new Intervals(Arrays.copyOf(starts, count), Arrays.copyOf(ends, count));
    }
  }
}
