package ${package};

import allocator.api.CorruptionException;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.AddressSource;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/*
 * AN ARENA THAT KEEPS ITS FREE SEGMENTS SORTED
 *
 * 1. Three maps by address: spans, free segments, live ranges. Together the free segments and the
 *    live ranges, each rounded up to the quantum, cover every span exactly.
 *
 * 2. To allocate is to look through the free segments in the order of the policy, and to cut the
 *    range out of one; to free is to put it back and to join it with its neighbours, but never
 *    across the end of a span: an imported span goes back whole when it is entirely free.
 *
 * 3. Policies. FIRST takes the lowest address. NEXT the lowest behind the last allocation, then
 *    from below. BEST the smallest segment, of equal ones the one freed last. INSTANT promises
 *    constant time and cannot have it here: it is served as FIRST.
 *
 * 4. One lock per arena. It is dropped while the source is called, so that arenas can be stacked.
 *
 * 5. Addresses are unsigned, and the end of the address space is 2^64, which is 0: so segments are
 *    compared by their last address and not by their end.
 *
 * What was not done: power-of-two free lists, so each search is linear in the free segments;
 * quantum caches; metadata outside of Java's heap.
 *
 * References. J. Bonwick and J. Adams, "Magazines and Vmem", USENIX 2001.
 */

/** An arena. Safe for use by several threads. */
final class SortedArena implements AddressArena {
  private static final AddressConstraints ANYWHERE = new AddressConstraints(0, 0, 0, 0, 0);

  private record Span(long size, boolean imported) {}

  /** A free segment; {@code freed} counts up. */
  private record Gap(long size, long freed) {}

  private final ArenaSpec spec;
  private final Consumer<SortedArena> onClose;
  private final NavigableMap<Long, Span> spans = new TreeMap<>(Long::compareUnsigned);
  private final NavigableMap<Long, Gap> free = new TreeMap<>(Long::compareUnsigned);
  private final NavigableMap<Long, Long> live = new TreeMap<>(Long::compareUnsigned); // exact sizes
  private long cursor; // behind the last allocation
  private boolean closed;
  private long freeBytes;
  private final Map<Long, Long> owed = new TreeMap<>(); // spans that the source failed to take
  private long allocations;
  private long frees;
  private long failures;
  private long lookups;

  SortedArena(ArenaSpec spec, Consumer<SortedArena> onClose) {
    this.spec = spec;
    this.onClose = onClose;
  }

  @Override
  public ArenaSpec spec() {
    return spec;
  }

  // Spans.

  @Override
  public synchronized void addSpan(long base, long size) {
    checkOpen();
    inheritSpan(base, size, false);
  }

  private void checkOpen() {
    if (closed) {
      throw new MisuseException("arena %s is closed".formatted(spec.name()));
    }
  }

  /** Adds a span of either kind, all of it free. */
  synchronized void inheritSpan(long base, long size, boolean imported) {
    long last = base + size - 1;
    if (size == 0 || ((base | size) & (spec.quantum() - 1)) != 0) {
      throw misuse("span", base, size, "is not of whole quanta of " + spec.quantum());
    }
    if (Range.below(last, base) || last == NONE && spec.quantum() == 1) {
      throw misuse("span", base, size, "passes the end of the address space");
    }
    Map.Entry<Long, Span> other = spans.floorEntry(last);
    if (other != null && !Range.below(other.getKey() + other.getValue().size() - 1, base)) {
      throw misuse("span", base, size, "overlaps the one at 0x%x".formatted(other.getKey()));
    }
    spans.put(base, new Span(size, imported));
    free.put(base, new Gap(size, frees));
    freeBytes += size;
  }

  /** Makes a range live that a predecessor has handed out. */
  synchronized void inheritLive(long base, long size) {
    Map.Entry<Long, Gap> gap = size == 0 ? null : free.floorEntry(base);
    long whole = rounded(size);
    boolean off = whole == 0 || (base & (spec.quantum() - 1)) != 0;
    if (gap == null || off || !Range.contains(gap.getKey(), gap.getValue().size(), base, whole)) {
      throw misuse("live range", base, size, "is not free here");
    }
    cut(gap.getKey(), base, size);
  }

  // Allocating.

  @Override
  public long allocate(int cpu, long size, FitPolicy policy) {
    checkSize(size);
    return allocateOrImport(size, ANYWHERE, policy);
  }

  @Override
  public long allocateConstrained(int cpu, long size, AddressConstraints where, FitPolicy policy) {
    checkSize(size);
    Range.check(where, size, spec.quantum());
    return allocateOrImport(size, where, policy);
  }

  private void checkSize(long size) {
    if (size == 0) {
      throw new MisuseException("arena %s: a request of 0 bytes".formatted(spec.name()));
    }
  }

  private long allocateOrImport(long size, AddressConstraints where, FitPolicy policy) {
    long base = take(size, where, policy);
    if (base == NONE && spec.source().isPresent() && Range.allowsImport(where)) {
      base = takeFromImport(spec.source().get(), size, where, policy);
    }
    count(base != NONE);
    return base;
  }

  private synchronized void count(boolean served) {
    allocations += served ? 1 : 0;
    failures += served ? 0 : 1;
  }

  private synchronized long take(long size, AddressConstraints where, FitPolicy policy) {
    checkOpen();
    if (rounded(size) == 0) {
      return NONE; // 2^64
    }
    return switch (policy) {
      case FIRST, INSTANT -> takeFirst(free, size, where);
      case NEXT -> {
        Map.Entry<Long, Gap> around = free.floorEntry(cursor);
        AddressConstraints behind = Range.from(where, cursor);
        long from = around == null ? cursor : around.getKey();
        long base = takeFirst(free.tailMap(from, true), size, behind);
        yield base != NONE ? base : takeFirst(free, size, where);
      }
      case BEST -> takeBest(size, where);
    };
  }

  private long takeFirst(NavigableMap<Long, Gap> gaps, long size, AddressConstraints where) {
    for (Map.Entry<Long, Gap> gap : gaps.entrySet()) {
      long base = place(gap, size, where);
      if (base != NONE) {
        return cut(gap.getKey(), base, size);
      }
    }
    return NONE;
  }

  private long takeBest(long size, AddressConstraints where) {
    Map.Entry<Long, Gap> best = null;
    for (Map.Entry<Long, Gap> gap : free.entrySet()) {
      boolean better = best == null || isBetter(gap.getValue(), best.getValue());
      if (better && place(gap, size, where) != NONE) {
        best = gap;
      }
    }
    return best == null ? NONE : cut(best.getKey(), place(best, size, where), size);
  }

  private static boolean isBetter(Gap gap, Gap best) {
    return Range.below(gap.size(), best.size())
        || gap.size() == best.size() && gap.freed() > best.freed();
  }

  private long place(Map.Entry<Long, Gap> gap, long size, AddressConstraints where) {
    return Range.place(gap.getKey(), gap.getValue().size(), size, where, spec.quantum());
  }

  /** Makes a live range of a part of a free segment, and returns its base. */
  private long cut(long gap, long base, long size) {
    Gap whole = free.remove(gap);
    long front = base - gap;
    long behind = whole.size() - front - rounded(size);
    if (front != 0) {
      free.put(gap, new Gap(front, whole.freed()));
    }
    if (behind != 0) {
      free.put(base + rounded(size), new Gap(behind, whole.freed()));
    }
    freeBytes -= rounded(size);
    live.put(base, size);
    cursor = base + rounded(size);
    return base;
  }

  private long rounded(long size) {
    return Range.roundUp(size, spec.quantum());
  }

  /** Calls the source without the lock: it may be an arena with a lock of its own. */
  private long takeFromImport(
      AddressSource source, long size, AddressConstraints where, FitPolicy policy) {
    long bytes = Range.importSize(rounded(size), where, spec.quantum(), source.quantum());
    long span = bytes == 0 ? NONE : source.importSpan(bytes, policy);
    if (span == NONE) {
      return take(size, where, policy); // others may have freed something meanwhile
    }
    boolean kept = false;
    try {
      synchronized (this) {
        long base = take(size, where, policy);
        if (base == NONE) {
          base = takeFrom(span, bytes, size, where);
          kept = true;
        }
        return base;
      }
    } finally {
      if (!kept) {
        giveBack(span, bytes);
      }
    }
  }

  /** Adds an imported span and takes a range from it. */
  private long takeFrom(long span, long bytes, long size, AddressConstraints where) {
    inheritSpan(span, bytes, true);
    long base = Range.place(span, bytes, size, where, spec.quantum());
    if (base == NONE) {
      drop(span);
      throw misuse("imported span", span, bytes, "begins at no multiple of the source's quantum");
    }
    return cut(span, base, size);
  }

  private void drop(long span) {
    free.remove(span);
    freeBytes -= spans.remove(span).size();
  }

  // Freeing.

  @Override
  public void free(int cpu, long base, long size) {
    long span = remove(base, size);
    Span imported = dropIfFree(span);
    if (imported != null) {
      giveBack(span, imported.size());
    }
  }

  /**
   * Gives a span back, without the lock. If the source fails, the call that led here has been served
   * all the same: the span is offered again by {@link #drain}.
   */
  private void giveBack(long span, long size) {
    try {
      spec.source().orElseThrow().releaseSpan(span, size);
    } catch (RuntimeException e) {
      synchronized (this) {
        owed.put(span, size);
      }
    }
  }

  /** Offers the source once more what it failed to take. */
  void drain() {
    Map<Long, Long> again;
    synchronized (this) {
      again = Map.copyOf(owed);
      owed.clear();
    }
    again.forEach(this::giveBack);
  }

  @Override
  public void freeConstrained(int cpu, long base, long size) {
    free(cpu, base, size);
  }

  /** Frees a live range and returns the base of its span. */
  private synchronized long remove(long base, long size) {
    checkOpen();
    Long known = live.get(base);
    if (known == null) {
      throw misuse("range", base, size, "is not live: a double free or a foreign address");
    }
    if (known != size) {
      throw misuse("range", base, size, "was allocated with 0x%x bytes".formatted(known));
    }
    live.remove(base);
    frees++;
    freeBytes += rounded(size);
    Map.Entry<Long, Span> span = spans.floorEntry(base);
    join(base, rounded(size), span.getKey(), span.getValue().size());
    return span.getKey();
  }

  private void join(long base, long size, long span, long spanSize) {
    long first = base;
    long length = size;
    Map.Entry<Long, Gap> before = free.lowerEntry(base);
    if (before != null
        && !Range.below(before.getKey(), span)
        && before.getKey() + before.getValue().size() == base) {
      first = before.getKey();
      length += before.getValue().size();
    }
    Gap behind = base + size == span + spanSize ? null : free.remove(base + size);
    length += behind == null ? 0 : behind.size();
    free.put(first, new Gap(length, frees));
  }

  /** Takes an imported span out if all of it is free; {@return it, or null} */
  private synchronized Span dropIfFree(long base) {
    Span span = spans.get(base);
    Gap gap = free.get(base);
    if (span == null || !span.imported() || gap == null || gap.size() != span.size()) {
      return null;
    }
    drop(base);
    return span;
  }

  // Questions.

  @Override
  public synchronized boolean contains(long base, long size) {
    lookups++;
    Map.Entry<Long, Span> span = size == 0 ? null : spans.floorEntry(base);
    return span != null && Range.contains(span.getKey(), span.getValue().size(), base, size);
  }

  @Override
  public synchronized long allocatedBytes() {
    return live.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public synchronized long freeBytes() {
    return freeBytes;
  }

  @Override
  public synchronized long largestFree() {
    return free.values().stream().map(Gap::size).max(Long::compareUnsigned).orElse(0L);
  }

  @Override
  public synchronized void walkAllocated(RangeVisitor visitor) {
    for (Map.Entry<Long, Long> range : live.entrySet()) {
      if (!visitor.visit(range.getKey(), range.getValue(), 0)) {
        return;
      }
    }
  }

  @Override
  public synchronized void walkFree(RangeVisitor visitor) {
    for (Map.Entry<Long, Gap> gap : free.entrySet()) {
      if (!visitor.visit(gap.getKey(), gap.getValue().size(), 0)) {
        return;
      }
    }
  }

  @Override
  public synchronized void walkSpans(RangeVisitor visitor) {
    for (Map.Entry<Long, Span> span : spans.entrySet()) {
      if (!visitor.visit(
          span.getKey(), span.getValue().size(), span.getValue().imported() ? 1 : 0)) {
        return;
      }
    }
  }

  @Override
  public synchronized List<Statistic> statistics() {
    long total = 0;
    long imported = 0;
    for (Span span : spans.values()) {
      total += span.size();
      imported += span.imported() ? span.size() : 0;
    }
    return List.of(
        new Statistic("mem_inuse", allocatedBytes(), "bytes"),
        new Statistic("mem_import", imported, "bytes"),
        new Statistic("mem_total", total, "bytes"),
        new Statistic("alloc", allocations, "calls"),
        new Statistic("free", frees, "calls"),
        new Statistic("fail", failures, "calls"),
        new Statistic("lookup", lookups, "calls"),
        new Statistic("segments", free.size(), "segments"));
  }

  /** Goes through every span and returns the number of facts that hold. */
  synchronized long checkInvariants() {
    long facts = 0;
    long seen = 0;
    long pieces = 0;
    for (Map.Entry<Long, Span> span : spans.entrySet()) {
      long at = span.getKey();
      boolean freeBefore = false;
      for (long left = span.getValue().size(); left != 0; ) {
        Gap gap = free.get(at);
        Long range = live.get(at);
        expect((gap == null) != (range == null), "is not either free or live", at);
        expect(gap == null || !freeBefore, "and the segment before are both free", at);
        long size = gap == null ? rounded(range) : gap.size();
        expect(size != 0 && !Range.below(left, size), "reaches over the end of its span", at);
        seen += gap == null ? 0 : size;
        freeBefore = gap != null;
        at += size;
        left -= size;
        pieces++;
        facts += 3;
      }
    }
    expect(seen == freeBytes, "bytes are free by the count", freeBytes);
    expect(pieces == free.size() + live.size(), "pieces lie in spans, not all of them", pieces);
    return facts + 2;
  }

  private void expect(boolean fact, String what, long value) {
    if (!fact) {
      throw new CorruptionException("arena %s: 0x%x %s".formatted(spec.name(), value, what));
    }
  }

  private MisuseException misuse(String what, long base, long size, String why) {
    return new MisuseException(
        "arena %s: %s 0x%x + 0x%x %s".formatted(spec.name(), what, base, size, why));
  }

  @Override
  public void close() {
    Map<Long, Span> home = new TreeMap<>();
    synchronized (this) {
      if (!live.isEmpty()) {
        throw new MisuseException(
            "arena %s has %d live ranges".formatted(spec.name(), live.size()));
      }
      spans.forEach((base, span) -> {
        if (span.imported()) {
          home.put(base, span);
        }
      });
      closed = true;
      spans.clear();
      free.clear();
      freeBytes = 0;
    }
    onClose.accept(this);
    home.forEach((base, span) -> giveBack(base, span.size()));
    drain();
  }
}
