package vmem.bump;

import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.AddressSource;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/** An arena that hands out each of its addresses once. Safe for use by any number of threads. */
final class BumpArena implements AddressArena {
  /*
   * How an arena that never reuses works
   *
   * 1. Why. The kernel half of a 48-bit address space has 2^47 bytes. At a megabyte a second that
   *    lasts four and a half years, at a gigabyte a second a day and a half: a machine may well be
   *    restarted before it is used up. Whoever can afford it gives up reusing addresses and gets:
   *    an allocation that is an addition; nothing to search, split or join; and a dangling pointer
   *    that faults for good instead of meeting somebody else's memory. Frames are not lost. Whoever
   *    owned a range unmaps it, and what stood behind it goes home as with any allocator; only the
   *    numbers are gone. The price is page tables that never get dense again, and an end.
   *
   * 2. What there is. Each span has a frontier: everything below was handed out or skipped once,
   *    nothing above ever was (Spans). A frontier only rises. No structure describes what lies below
   *    it except the table of live ranges (LiveRanges), which knows base and size of what clients
   *    hold. A range that is freed leaves the table and with it the arena's memory; the cost of the
   *    past is zero bytes.
   *
   * 3. To allocate is to take the lowest span whose room above the frontier suffices, or first the
   *    one that grew latest if so set, and to move the frontier behind the range. All fit policies
   *    are this one: a span has never more than one place to choose from. Room at the end of a span
   *    that is too short for one request still serves a shorter one. So that importing arenas, with
   *    a short rest in each of many spans, do not look at all of them in vain each time, an upper
   *    bound of the rests is kept: a search that fails makes it exact, a new span raises it.
   *
   * 4. Constraints move the base up from the frontier, never down (Place): to the alignment and
   *    phase, behind a boundary that would be crossed, to the lower limit. What is skipped is lost
   *    like what was handed out, and counted. A range wanted exactly at the frontier is had, which
   *    is how a heap grows in place as long as nobody else took the addresses behind it; a range
   *    wanted anywhere below is not, free or not.
   *
   * 5. To free is to find the base in the table, to compare the size, and to forget both. A base
   *    that is not there is a double free or a stranger's. The table is extendible: leaves of 4 KiB
   *    that split and join one at a time, so that neither a million live ranges nor their sudden end
   *    makes any one call slow. Rising order is wanted by walks alone, and they sort.
   *
   * 6. If no span has room, one is imported: the request, plus what its alignment may skip wherever
   *    the span begins, rounded up to the source's unit. A request with limits or a boundary never
   *    imports, since no source could promise to meet it. An imported span goes back with its last
   *    live range, and the room it had left goes with it. The source may supply the same numbers
   *    again: that nothing is ever reused holds from the root of a tree of arenas down only if the
   *    root is of this kind as well.
   *
   * 7. One lock for all of it (ShortLock), held for a table entry and a few additions. Whoever
   *    enters sees all that the one who left before wrote: the compare-and-set of enter pairs with
   *    the releasing store of leave, and there is no other atomic. The lock is dropped while the
   *    source is called, so that arenas may be stacked without an order of locks; two threads that
   *    find no room at once import a span each, and the rest of both stays. A span that the arena
   *    cannot have, or whose entries find no memory, goes straight back. Visitors are shown a copy,
   *    after the lock has been left.
   *
   * 8. The end can be foreseen, so the figures say how far it is: bytes left, bytes consumed, bytes
   *    that alignment lost, how many calls of the mean size so far are left, and how many seconds
   *    at the rate of the last minute (Forecast). The clock is read only when somebody asks.
   *
   * 9. A successor of this kind gets the frontiers in the layout vmem.bump/1 (BumpLayout), and nothing
   *    is seen twice. Another kind gets the estate, which tells what is live and no more: after an
   *    exchange away and back a frontier is the end of the highest live range.
   *
   * What was not done, and why. The frontier is not an atomic that is added to without the lock: the
   * table of live ranges has to be changed anyway, and it is what tells misuse from use. Frees are
   * not batched, as FFmalloc does to save system calls: frames are the kernel's, which keeps those
   * of any arena's freed ranges until one flush serves many (kernel.backing). There is no wrap-around
   * at the end: that would be another allocator, the one known as next fit. Quantum caches are not
   * offered, as they exist to hand the same range out again.
   *
   * References. B. Wickman and others, "Preventing Use-After-Free Attacks with Fast Forward
   * Allocation", USENIX Security 2021 (FFmalloc): addresses used once, frames given back. R. Fagin
   * and others, "Extendible Hashing", ACM TODS 4(3), 1979. J. Bonwick and J. Adams, "Magazines and
   * Vmem", USENIX 2001: spans, imports, constraints.
   */

  private final ArenaSpec spec;
  private final Optional<AddressSource> source;
  private final long importUnit;
  private final Consumer<BumpArena> onClose;
  private final ShortLock lock = new ShortLock();
  private final Territory territory;
  private final Forecast forecast;
  private final Deque<long[]> owed = new ArrayDeque<>(); // base and size, under the lock
  private long releaseFailures;
  private boolean closed;
  private long failures;
  private long lookups;

  /**
   * Makes an arena.
   *
   * @param territory its spans and live ranges, nobody else's from now on
   * @param clock nanoseconds from any origin, for the forecast
   * @param onClose told when the arena has been closed
   */
  BumpArena(ArenaSpec spec, Territory territory, LongSupplier clock, Consumer<BumpArena> onClose) {
    this.spec = spec;
    this.source = spec.source();
    long unit = source.map(AddressSource::quantum).orElse(1L);
    this.importUnit = Unsigned.max(unit, spec.quantum());
    this.territory = territory;
    this.forecast = new Forecast(clock, territory.bumped());
    this.onClose = onClose;
  }

  /** Takes the lock. Pairs with {@code lock.leave()}. */
  private void enter() {
    lock.enter();
    if (closed) {
      lock.leave();
      throw isClosed();
    }
  }

  /** {@return the answer to a question, asked with the lock} */
  private <T> T asked(Supplier<T> question) {
    enter();
    try {
      return question.get();
    } finally {
      lock.leave();
    }
  }

  private MisuseException isClosed() {
    return new MisuseException("arena %s is closed".formatted(spec.name()));
  }

  @Override
  public ArenaSpec spec() {
    return spec;
  }

  @Override
  public void addSpan(long base, long size) {
    enter();
    try {
      territory.addSpan(base, size);
    } finally {
      lock.leave();
    }
  }

  // Hot calls.

  @Override
  public long allocate(int cpu, long size, FitPolicy policy) {
    checkSize(size);
    return take(size, Place.ANYWHERE, policy);
  }

  @Override
  public long allocateConstrained(int cpu, long size, AddressConstraints where, FitPolicy policy) {
    checkSize(size);
    Place.check(where, size, spec.quantum());
    return take(size, where, policy);
  }

  private void checkSize(long size) {
    if (size == 0) {
      throw new MisuseException("arena %s: a request of 0 bytes".formatted(spec.name()));
    }
  }

  private long take(long size, AddressConstraints where, FitPolicy policy) {
    enter();
    try {
      long base = territory.take(size, where);
      if (base == NONE && source.isPresent() && Place.allowsImport(where)) {
        base = takeFromImport(size, where, policy);
      }
      failures += base == NONE ? 1 : 0;
      return base;
    } finally {
      lock.leave();
    }
  }

  private long takeFromImport(long size, AddressConstraints where, FitPolicy policy) {
    long whole = Unsigned.roundUp(size, spec.quantum());
    long asked = whole == 0 ? 0 : Place.importSize(whole, where, spec.quantum(), importUnit);
    if (asked == 0) {
      return NONE; // more than there are addresses
    }
    long span = importSpan(asked, policy);
    return span == NONE ? takeAgain(size, where) : settle(span, asked, size, where);
  }

  /** Calls the source, without the lock. */
  private long importSpan(long bytes, FitPolicy policy) {
    lock.leave();
    try {
      return source.orElseThrow().importSpan(bytes, policy);
    } finally {
      lock.enter();
    }
  }

  /** Looks once more for room, which others may have made while the lock was dropped. */
  private long takeAgain(long size, AddressConstraints where) {
    if (closed) {
      throw isClosed();
    }
    return territory.take(size, where);
  }

  private long settle(long span, long bytes, long size, AddressConstraints where) {
    boolean settled = false;
    try {
      if (closed) {
        throw isClosed();
      }
      long base = territory.settle(span, bytes, size, where);
      settled = true;
      return base;
    } finally {
      if (!settled) {
        handBack(span, bytes);
      }
    }
  }

  /** Gives a span back that never became the arena's, without the lock. */
  private void handBack(long span, long bytes) {
    lock.leave();
    try {
      giveBack(span, bytes);
    } finally {
      lock.enter();
    }
  }

  /**
   * Calls the source, without the lock.
   *
   * @return false if it failed to take the span, which is offered again by a drain: the call that
   *     led here has been served
   */
  private boolean giveBack(long span, long bytes) {
    try {
      source.orElseThrow().releaseSpan(span, bytes);
      return true;
    } catch (RuntimeException e) {
      lock.enter();
      owed.addLast(new long[] {span, bytes});
      releaseFailures++;
      lock.leave();
      return false;
    }
  }

  /** Offers the source once more what it failed to take. */
  void drain() {
    for (long[] span = nextOwed(); span.length != 0; span = nextOwed()) {
      if (!giveBack(span[0], span[1])) {
        return;
      }
    }
  }

  private long[] nextOwed() {
    lock.enter();
    try {
      return owed.isEmpty() ? new long[0] : owed.removeFirst();
    } finally {
      lock.leave();
    }
  }

  @Override
  public void free(int cpu, long base, long size) {
    long span;
    long bytes;
    enter();
    try {
      bytes = territory.free(base, size);
      span = territory.departed();
    } finally {
      lock.leave();
    }
    if (bytes != 0) {
      giveBack(span, bytes);
    }
  }

  @Override
  public void freeConstrained(int cpu, long base, long size) {
    free(cpu, base, size);
  }

  @Override
  public boolean contains(long base, long size) {
    enter();
    try {
      lookups++;
      return territory.contains(base, size);
    } finally {
      lock.leave();
    }
  }

  @Override
  public long allocatedBytes() {
    return asked(() -> territory.live().bytes());
  }

  @Override
  public long freeBytes() {
    return asked(() -> territory.spans().totalRoom());
  }

  @Override
  public long largestFree() {
    return asked(() -> territory.spans().largestRoom());
  }

  @Override
  public void walkAllocated(RangeVisitor visitor) {
    showLive(visitor);
  }

  @Override
  public void walkFree(RangeVisitor visitor) {
    Spans spans = spans();
    for (int span = 0; span < spans.count(); span++) {
      long room = spans.room(span);
      if (room != 0 && !visitor.visit(spans.frontier(span), room, 0)) {
        return;
      }
    }
  }

  @Override
  public void walkSpans(RangeVisitor visitor) {
    showSpans(visitor);
  }

  /** Does as {@link #walkAllocated}, and returns whether the visitor wanted all of it. */
  boolean showLive(RangeVisitor visitor) {
    Ranges ranges = ranges();
    ranges.sort();
    for (int range = 0; range < ranges.count(); range++) {
      if (!visitor.visit(ranges.base(range), ranges.size(range), 0)) {
        return false;
      }
    }
    return true;
  }

  /** Does as {@link #walkSpans}, and returns whether the visitor wanted all of it. */
  boolean showSpans(RangeVisitor visitor) {
    Spans spans = spans();
    for (int span = 0; span < spans.count(); span++) {
      if (!visitor.visit(spans.base(span), spans.size(span), spans.isImported(span) ? 1 : 0)) {
        return false;
      }
    }
    return true;
  }

  /** {@return a copy of the spans at this moment} */
  private Spans spans() {
    return asked(() -> territory.spans().copy());
  }

  /** {@return a copy of the live ranges at this moment, in no particular order} */
  private Ranges ranges() {
    return asked(() -> territory.live().listed());
  }

  @Override
  public List<Statistic> statistics() {
    return asked(() -> {
      List<Statistic> figures = new ArrayList<>(newFigures().list());
      figures.add(new Statistic("release_fail", releaseFailures, "calls"));
      return figures;
    });
  }

  /** {@return the figures at this moment} */
  BumpFigures figures() {
    return asked(this::newFigures);
  }

  private BumpFigures newFigures() {
    return new BumpFigures(territory, forecast, spec.quantum(), failures, lookups);
  }

  /** Adds all that a successor of the same kind has to know; see {@link BumpLayout}. */
  void describe(String prefix, Map<String, Long> figures, List<MemorySegment> segments) {
    enter();
    try {
      BumpLayout.describe(territory, prefix, figures, segments);
    } finally {
      lock.leave();
    }
  }

  /**
   * Recomputes everything.
   *
   * @return the number of facts checked
   */
  long checkInvariants() {
    return asked(() -> new BumpAudit(spec, territory).check());
  }

  @Override
  public void close() {
    enter();
    try {
      long live = territory.live().count();
      if (live != 0) {
        throw new MisuseException(
            "arena %s cannot be closed: %d ranges are live".formatted(spec.name(), live));
      }
      closed = true; // from here on the territory is this thread's
    } finally {
      lock.leave();
    }
    drain();
    for (long bytes = territory.dismiss(); bytes != 0; bytes = territory.dismiss()) {
      source.orElseThrow().releaseSpan(territory.departed(), bytes);
    }
    onClose.accept(this);
  }
}
