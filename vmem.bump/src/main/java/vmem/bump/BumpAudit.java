package vmem.bump;

import allocator.api.CorruptionException;
import vmem.api.ArenaSpec;

/**
 * Recomputes an arena from its live ranges and spans, and compares with all that is kept beside
 * them: the counts, the bounds, the hash table. The caller has the arena's lock; one object serves
 * one check.
 */
final class BumpAudit {
  private final ArenaSpec spec;
  private final Territory territory;
  private final Spans spans;
  private final LiveRanges live;
  private final Ranges ranges;
  private long facts;

  BumpAudit(ArenaSpec spec, Territory territory) {
    this.spec = spec;
    this.territory = territory;
    this.spans = territory.spans();
    this.live = territory.live();
    this.ranges = live.sorted();
  }

  /**
   * Checks everything.
   *
   * @return the number of facts checked
   * @throws CorruptionException naming the first one that does not hold
   */
  long check() {
    checkTable();
    int range = 0;
    for (int span = 0; span < spans.count(); span++) {
      checkSpan(span);
      range = checkRanges(span, range);
    }
    expect("live ranges in spans", 0, ranges.count(), range);
    checkFigures();
    return facts;
  }

  private void checkSpan(int span) {
    long base = spans.base(span);
    expect("span modulo the quantum", base, 0, off(base | spans.size(span)));
    expect("span without addresses or past 2^64", base, 0, bit(spans.last(span), base));
    if (span > 0) {
      expect("span in or below the one before", base, 1, bit(spans.last(span - 1), base));
    }
    expect("frontier modulo the quantum", base, 0, off(spans.frontier(span)));
    expect("frontier above the end", base, 0, bit(spans.size(span), spans.consumed(span)));
    expect("room above the bound", base, 0, bit(spans.widest(), spans.room(span)));
    expect(
        "room in a span known to be full",
        base,
        0,
        span < spans.knownFull() ? spans.room(span) : 0);
  }

  /** Checks the ranges of a span, from one on, and returns the first of the next span. */
  private int checkRanges(int span, int from) {
    long used = 0; // bytes of the span up to the end of the range before
    int range = from;
    for (; range < ranges.count() && spans.under(ranges.base(range)) == span; range++) {
      long base = ranges.base(range);
      long size = ranges.size(range);
      expect("range modulo the quantum", base, 0, off(base));
      expect("range overlapping the one below", base, 0, bit(base - spans.base(span), used));
      used = base - spans.base(span) + Unsigned.roundUp(size, spec.quantum());
      expect("range above the frontier", base, 0, bit(spans.consumed(span), used));
      expect("size in the table", base, size, live.size(base));
    }
    expect("live ranges of the span", spans.base(span), range - from, spans.lives(span));
    return range;
  }

  private void checkTable() {
    int leaves = 0;
    long entries = 0;
    int references = 1 << live.depth();
    for (int index = 0; index < references; ) {
      Leaf leaf = live.leaf(index);
      entries += checkLeaf(index, leaf);
      leaves++;
      int next = index + (references >>> leaf.depth());
      for (; index < next; index++) {
        expect("reference to a leaf", index, 1, live.leaf(index) == leaf ? 1 : 0);
      }
    }
    expect("leaves", 0, leaves, live.leaves());
    expect("entries", 0, entries, live.count());
  }

  private long checkLeaf(int index, Leaf leaf) {
    Ranges entries = new Ranges(Leaf.SLOTS);
    leaf.list(entries);
    expect("entries of a leaf", index, entries.count(), leaf.count());
    for (int i = 0; i < entries.count(); i++) {
      expect("leaf of a range", entries.base(i), 1, live.isHome(entries.base(i), leaf) ? 1 : 0);
    }
    return entries.count();
  }

  private void checkFigures() {
    long bytes = 0;
    for (int range = 0; range < ranges.count(); range++) {
      bytes += ranges.size(range);
    }
    expect("mem_inuse", 0, bytes, live.bytes());
    expect("alloc less free", 0, ranges.count(), territory.allocations() - territory.frees());
    expect("latest span", 0, 1, spans.latest() < spans.count() ? 1 : 0);
    expect("skipped above bumped", 0, 0, bit(territory.bumped(), territory.skipped()));
  }

  private long off(long value) {
    return value & (spec.quantum() - 1);
  }

  private static long bit(long value, long other) {
    return Unsigned.below(value, other) ? 1 : 0;
  }

  private void expect(String what, long place, long expected, long found) {
    facts++;
    if (expected != found) {
      throw new CorruptionException(
          "arena %s: %s, at 0x%x: expected 0x%x, found 0x%x"
              .formatted(spec.name(), what, place, expected, found));
    }
  }
}
