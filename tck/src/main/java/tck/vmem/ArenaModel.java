package tck.vmem;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.ArenaSpec;

/**
 * What is known of an arena: its spans and live ranges in sorted maps, and from them where a
 * request fits. A range takes whole quanta, whatever its size. For one thread.
 */
final class ArenaModel {
  /** Its description. */
  final ArenaSpec spec;

  /** Its number of all arenas that the script ever made. */
  final int index;

  /** The spans added by hand, by base. */
  final NavigableMap<Long, Long> spans = new TreeMap<>(Long::compareUnsigned);

  /** The live ranges by base, the spans of arenas that import from this one among them. */
  final NavigableMap<Long, AddressRange> live = new TreeMap<>(Long::compareUnsigned);

  /** The arena, another one after each transfer. */
  AddressArena arena;

  ArenaModel(ArenaSpec spec, int index, AddressArena arena) {
    this.spec = spec;
    this.index = index;
    this.arena = arena;
  }

  /** {@return the source that it imports from} */
  Optional<SpanSource> source() {
    return spec.source().map(SpanSource.class::cast);
  }

  /** {@return the spans that it should have} */
  NavigableMap<Long, Long> heldSpans() {
    return source().map(SpanSource::imported).orElse(spans);
  }

  /** {@return bytes of the live ranges} */
  long liveBytes() {
    return live.values().stream().mapToLong(AddressRange::size).sum();
  }

  /** {@return bytes that the live ranges take, in whole quanta} */
  long takenBytes() {
    return live.values().stream().mapToLong(each -> whole(each.size())).sum();
  }

  /** {@return a size rounded up to the quantum; 0 for more than there are addresses} */
  long whole(long size) {
    return (size + spec.quantum() - 1) & -spec.quantum();
  }

  /** {@return the live range that overlaps one, or null} */
  @Nullable AddressRange overlapping(AddressRange range) {
    Map.Entry<Long, AddressRange> below = live.floorEntry(range.last());
    return below != null && Long.compareUnsigned(below.getValue().last(), range.base()) >= 0
        ? below.getValue()
        : null;
  }

  /** {@return whether a range overlaps one of the spans} */
  static boolean overlaps(NavigableMap<Long, Long> spans, long base, long size) {
    Map.Entry<Long, Long> below = spans.floorEntry(base + size - 1);
    return below != null && Long.compareUnsigned(below.getKey() + below.getValue() - 1, base) >= 0;
  }

  /** {@return whether one of the spans covers a range whole} */
  static boolean covers(NavigableMap<Long, Long> spans, AddressRange range) {
    Map.Entry<Long, Long> span = spans.floorEntry(range.base());
    return span != null
        && Long.compareUnsigned(range.base(), range.last()) <= 0
        && Long.compareUnsigned(range.last() - span.getKey(), span.getValue() - 1) <= 0;
  }

  /** {@return the sum of the spans} */
  static long sum(NavigableMap<Long, Long> spans) {
    return spans.values().stream().mapToLong(each -> each).sum();
  }

  /** {@return where a request fits between what is live, or {@link AddressArena#NONE}} */
  long room(long size, AddressConstraints where) {
    long whole = whole(size);
    if (whole == 0) {
      return AddressArena.NONE;
    }
    for (long[] gap : gaps()) {
      long found = fit(gap[0], gap[1], whole, size, where);
      if (found != AddressArena.NONE) {
        return found;
      }
    }
    return AddressArena.NONE;
  }

  // Base and last address of each stretch that is not live.
  private List<long[]> gaps() {
    List<long[]> gaps = new ArrayList<>();
    spans.forEach((base, size) -> {
      long next = base;
      long last = base + size - 1;
      boolean open = true;
      for (AddressRange range : live.tailMap(base, true).values()) {
        if (Long.compareUnsigned(range.base(), last) > 0) {
          break;
        }
        if (range.base() != next) {
          gaps.add(new long[] {next, range.base() - 1});
        }
        next = range.base() + whole(range.size());
        open = next - 1 != last;
      }
      if (open) {
        gaps.add(new long[] {next, last});
      }
    });
    return gaps;
  }

  // Limits and boundary count the bytes that were asked for, the gap has whole quanta.
  private long fit(long from, long last, long whole, long size, AddressConstraints where) {
    long align = Math.max(where.align(), spec.quantum());
    long at = Long.compareUnsigned(from, where.min()) < 0 ? where.min() : from;
    at = ((at - where.phase() + align - 1) & -align) + where.phase();
    while (Long.compareUnsigned(at, last) <= 0
        && Long.compareUnsigned(at, from) >= 0
        && Long.compareUnsigned(last - at, whole - 1) >= 0) {
      if (keeps(at, size, where)) {
        return at;
      }
      at += align;
    }
    return AddressArena.NONE;
  }

  /** {@return whether a range keeps constraints other than alignment} */
  private static boolean keeps(long base, long size, AddressConstraints where) {
    long last = base + size - 1;
    return (where.nocross() == 0 || (base & -where.nocross()) == (last & -where.nocross()))
        && Long.compareUnsigned(base, where.min()) >= 0
        && (where.max() == 0 || Long.compareUnsigned(last, where.max() - 1) <= 0);
  }

  /** {@return whether a range keeps every constraint} */
  static boolean keepsAll(long base, long size, AddressConstraints where) {
    return ((base - where.phase()) & (where.align() - 1)) == 0 && keeps(base, size, where);
  }
}
