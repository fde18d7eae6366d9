package kernel.guard;

import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kernel.slot.ContractViolation;

/**
 * What is live, as the calls say. Ordered, so that an overlap is seen at once; slow beside any
 * allocator, which is the price of the checked mode. Safe for use by several threads.
 *
 * <p>A range that is being freed is taken out before the engine is asked, one that was allocated is
 * put in after it answered: so two ranges are never in at once that were not live at once.
 */
final class Shadow {
  /** What is known of a live range. */
  record Range(long size, long attributes, long asked) {}

  private final String provider;
  private final TreeMap<Long, Range> live = new TreeMap<>(Long::compareUnsigned);

  Shadow(String provider) {
    this.provider = provider;
  }

  /** Puts a range in that the engine has handed out. */
  synchronized void add(String call, long base, Range range) {
    Map.Entry<Long, Range> below = live.floorEntry(base);
    if (below != null && overlaps(below.getKey(), below.getValue(), base)) {
      throw overlap(call, base, range, below);
    }
    Map.Entry<Long, Range> above = live.higherEntry(base);
    if (above != null && overlaps(base, range, above.getKey())) {
      throw overlap(call, base, range, above);
    }
    live.put(base, range);
  }

  private static boolean overlaps(long base, Range range, long at) {
    return at - base < Math.max(1, range.size());
  }

  private ContractViolation overlap(
      String call, long base, Range range, Map.Entry<Long, Range> other) {
    return violation(
        call,
        "0x%x + 0x%x overlaps the live range 0x%x + 0x%x"
            .formatted(base, range.size(), other.getKey(), other.getValue().size()));
  }

  /** {@return what to throw when the provider is caught} */
  ContractViolation violation(String call, String what) {
    return new ContractViolation("%s broke its contract in %s: %s".formatted(provider, call, what));
  }

  /**
   * Takes a range out that a client frees.
   *
   * @throws MisuseException if it is not live: the client's fault
   */
  synchronized Range take(String call, long base) {
    Range range = live.remove(base);
    if (range == null) {
      throw new MisuseException(
          "%s: nothing that was handed out and is live begins at 0x%x".formatted(call, base));
    }
    return range;
  }

  /** Puts a range back in whose free was refused. */
  synchronized void putBack(long base, Range range) {
    live.put(base, range);
  }

  /** {@return the range that begins at a place, or null} */
  synchronized @org.jspecify.annotations.Nullable Range at(long base) {
    return live.get(base);
  }

  /** Takes out whatever a client frees between two places, and puts back what remains of it. */
  synchronized void cut(String call, long from, long to) {
    Map.Entry<Long, Range> first = live.floorEntry(from);
    List<Long> touched = new ArrayList<>();
    long at = from;
    Map.Entry<Long, Range> next = first;
    while (at < to) {
      if (next == null || next.getKey() > at || next.getKey() + next.getValue().size() <= at) {
        throw new MisuseException("%s: 0x%x is not live".formatted(call, at));
      }
      touched.add(next.getKey());
      at = next.getKey() + next.getValue().size();
      next = live.higherEntry(next.getKey());
    }
    for (long base : touched) {
      keepRest(base, from, to);
    }
  }

  private void keepRest(long base, long from, long to) {
    Range range = live.remove(base);
    if (range == null) {
      return;
    }
    long end = base + range.size();
    if (base < from) {
      live.put(base, new Range(from - base, range.attributes(), from - base));
    }
    if (end > to) {
      live.put(to, new Range(end - to, range.attributes(), end - to));
    }
  }

  /** Shows what is live, at one moment. */
  void live(RangeVisitor visitor) {
    for (Map.Entry<Long, Range> each : snapshot()) {
      if (!visitor.visit(each.getKey(), each.getValue().size(), each.getValue().attributes())) {
        return;
      }
    }
  }

  private synchronized List<Map.Entry<Long, Range>> snapshot() {
    return List.copyOf(live.entrySet());
  }
}
