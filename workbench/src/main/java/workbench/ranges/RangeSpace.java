package workbench.ranges;

import allocator.api.MisuseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import trace.ranges.RangeEvent;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.FitPolicy;
import workbench.ranges.Mappings.Mapping;

/** One address space of a replay, from its first mapping to its end. */
final class RangeSpace implements AutoCloseable {
  /*
   * How the events of a range trace become calls of an arena
   *
   * 1. The lowest part of the user half, [BREAK_BASE, BREAK_LIMIT), is the heap segment's alone, so
   *    that the break moves in every layout; the rest is the arena's one span.
   *
   * 2. An arena frees whole ranges. A part that is unmapped loses its entries at once; its addresses
   *    are kept until the last page of the range is unmapped. Only then the arena is told. What is
   *    kept that way is counted (heldBytes): it is what an arena lacks for this use.
   *
   * 3. A range wanted at an address of the recorded program is asked for there. If it cannot be had,
   *    because the arena has put something there or does not go back, it is placed anywhere and
   *    counted as moved. In a copy of a space nothing may move: there it is a failure.
   *
   * 4. A resize to less keeps the range and unmaps its tail. To more, it stays if an earlier resize
   *    left room, else it is moved: a fresh range, entries made there, those here cleared, the old
   *    range freed.
   *
   * 5. Where addresses or frames for tables are exhausted, a failure is counted and the range does
   *    not exist: events on it do nothing.
   *
   * Invariants: the mappings of each live range lie within it; a range with no mapping is not live;
   * every page of a mapping that may be accessed has an entry, and no other page has (SpaceCheck).
   */

  static final long BREAK_BASE = 0x1_0000; // as Linux's mmap_min_addr: null pointers fault
  static final long BREAK_LIMIT = 1L << 38;
  static final long HIGHEST = 0x7FFF_FFFF_F000L; // the end of a 47-bit user half

  private static final int HEAP_ACCESS = RangeEvent.READ | RangeEvent.WRITE;
  private static final long BREAK_KIND = -1; // the heap segment joins nothing else

  private final AddressArena arena;
  private final PageTables tables;
  private final RangeTally tally;
  private final Mappings mappings = new Mappings();
  private final LiveRanges ranges = new LiveRanges();
  private final UsedAddresses used = new UsedAddresses();
  private long breakBytes;

  RangeSpace(AddressArena arena, PageTables tables, RangeTally tally) {
    this.arena = arena;
    this.tables = tables;
    this.tally = tally;
    arena.addSpan(BREAK_LIMIT, HIGHEST - BREAK_LIMIT);
  }

  AddressArena arena() {
    return arena;
  }

  PageTables tables() {
    return tables;
  }

  Mappings mappings() {
    return mappings;
  }

  LiveRanges live() {
    return ranges;
  }

  /** Returns what the space holds at this moment. */
  SpaceLevel level() {
    return new SpaceLevel(
        1,
        ranges.count(),
        mappings.bytes(),
        mappings.count(),
        ranges.bytes() - (mappings.bytes() - breakBytes),
        tables.frames());
  }

  long extent() {
    return used.extent();
  }

  /** Maps a range anywhere. */
  void map(RangeEvent event) {
    place(event.id(), allocate(event), event.bytes(), event.protection());
  }

  /** Maps a range at an address, or elsewhere if it cannot be had. */
  void mapAt(RangeEvent event) {
    Optional<LiveRange> there = exactly(event.thread(), event.other(), event.bytes());
    tally.fixed(there.isPresent());
    place(
        event.id(), there.isPresent() ? there : allocate(event), event.bytes(), event.protection());
  }

  private Optional<LiveRange> allocate(RangeEvent event) {
    long begin = System.nanoTime();
    long base = arena.allocate(tally.cpu(event.thread()), event.bytes(), FitPolicy.INSTANT);
    tally.arenaWatch().since(begin);
    return base == AddressArena.NONE
        ? Optional.empty()
        : Optional.of(new LiveRange(base, event.bytes(), false));
  }

  private Optional<LiveRange> exactly(int thread, long address, long bytes) {
    if (address < BREAK_LIMIT || address > HIGHEST - bytes) {
      return Optional.empty();
    }
    AddressConstraints there = AddressConstraints.exactly(address, bytes, RangeEvent.PAGE);
    long begin = System.nanoTime();
    long base = arena.allocateConstrained(tally.cpu(thread), bytes, there, FitPolicy.INSTANT);
    tally.arenaWatch().since(begin);
    return base == AddressArena.NONE
        ? Optional.empty()
        : Optional.of(new LiveRange(base, bytes, true));
  }

  private void place(long id, Optional<LiveRange> had, long bytes, int protection) {
    if (had.isEmpty()) {
      tally.failure();
      return;
    }
    LiveRange range = had.get();
    born(range);
    if (tables.map(range.base(), range.base() + bytes, protection)) {
      mappings.add(fresh(range.base(), range.base() + bytes, protection));
      ranges.add(id, range);
    } else {
      free(range);
      tally.failure();
    }
  }

  private void born(LiveRange range) {
    tally.born(range.size(), used.add(range.base(), range.end()));
    tally.shadow().born(this, range);
  }

  private Mapping fresh(long start, long end, int protection) {
    boolean plain = (protection & (RangeEvent.SHARED | RangeEvent.FILE)) == 0;
    return new Mapping(start, end, protection, plain ? 0 : tally.nextKind());
  }

  private void free(LiveRange range) {
    long begin = System.nanoTime();
    if (range.constrained()) {
      arena.freeConstrained(0, range.base(), range.size());
    } else {
      arena.free(0, range.base(), range.size());
    }
    tally.arenaWatch().since(begin);
  }

  /** Maps a part of a range anew. */
  void overlay(RangeEvent event) {
    @Nullable LiveRange range = ranges.find(event.id());
    if (range == null) {
      return;
    }
    long start = range.base() + event.offset();
    long end = start + event.bytes();
    tables.unmap(mappings.cut(start, end));
    boolean complete = tables.map(start, end, event.protection());
    mappings.add(fresh(start, end, complete ? event.protection() : 0));
    if (!complete) {
      tally.failure();
    }
  }

  /** Unmaps a part of a range. */
  void unmap(RangeEvent event) {
    @Nullable LiveRange range = ranges.find(event.id());
    if (range != null) {
      long start = range.base() + event.offset();
      tables.unmap(mappings.cut(start, start + event.bytes()));
      if (mappings.within(range.base(), range.end()).isEmpty()) {
        forget(event.id(), range);
      }
    }
  }

  private void forget(long id, LiveRange range) {
    ranges.remove(id, range);
    free(range);
  }

  /** Changes the protection of a part of a range. */
  void protect(RangeEvent event) {
    @Nullable LiveRange range = ranges.find(event.id());
    if (range != null) {
      long start = range.base() + event.offset();
      List<Mapping> old = mappings.cut(start, start + event.bytes());
      List<Mapping> now = tables.protect(old, event.protection());
      now.forEach(mappings::add);
      boolean refused =
          PageTables.accessible(event.protection())
              && now.stream().anyMatch(one -> !PageTables.accessible(one.protection()));
      if (refused) {
        tally.failure();
      }
    }
  }

  /** Resizes a range; one that failed to be born is born. */
  void resize(RangeEvent event) {
    @Nullable LiveRange range = ranges.find(event.other());
    if (range == null) {
      place(event.id(), allocate(event), event.bytes(), HEAP_ACCESS);
      return;
    }
    List<Mapping> old = mappings.within(range.base(), range.end());
    long end = range.base() + event.bytes();
    long oldEnd = old.getLast().end();
    if (end <= oldEnd) {
      tables.unmap(mappings.cut(end, oldEnd));
    } else if (end > range.end() || !extend(old.getLast(), end)) {
      move(event, range, old);
      return;
    }
    ranges.remove(event.other(), range);
    ranges.add(event.id(), range);
  }

  private boolean extend(Mapping last, long end) {
    boolean complete = tables.map(last.end(), end, last.protection());
    if (complete) {
      mappings.add(new Mapping(last.end(), end, last.protection(), last.kind()));
    }
    return complete;
  }

  private void move(RangeEvent event, LiveRange range, List<Mapping> old) {
    Optional<LiveRange> fresh = allocate(event);
    fresh.ifPresent(this::born);
    List<Mapping> target = fresh.map(to -> moved(old, range, to)).orElse(List.of());
    List<Mapping> done = mapAll(target);
    tables.unmap(mappings.cut(range.base(), range.end()));
    forget(event.other(), range);
    if (fresh.isPresent() && done.size() == target.size()) {
      done.forEach(mappings::add);
      ranges.add(event.id(), fresh.get());
      tally.moved();
    } else {
      tables.unmap(done);
      fresh.ifPresent(this::free);
      tally.failure();
    }
  }

  // The last mapping grows with the range.
  private static List<Mapping> moved(List<Mapping> old, LiveRange from, LiveRange to) {
    List<Mapping> target = new ArrayList<>();
    long shift = to.base() - from.base();
    for (Mapping one : old) {
      boolean last = one.equals(old.getLast());
      long end = last ? to.end() : one.end() + shift;
      target.add(new Mapping(one.start() + shift, end, one.protection(), one.kind()));
    }
    return target;
  }

  /** Makes entries for mappings until there is no frame for a table; returns those that have. */
  private List<Mapping> mapAll(List<Mapping> wanted) {
    List<Mapping> done = new ArrayList<>();
    for (Mapping one : wanted) {
      if (!tables.map(one.start(), one.end(), one.protection())) {
        break;
      }
      done.add(one);
    }
    return done;
  }

  /** Moves the end of the heap segment. */
  void moveBreak(long bytes) {
    long wanted = (bytes + RangeEvent.PAGE - 1) & -RangeEvent.PAGE;
    long now = BREAK_BASE + breakBytes;
    long then = BREAK_BASE + wanted;
    if (wanted < breakBytes) {
      tables.unmap(mappings.cut(then, now));
      breakBytes = wanted;
    } else if (wanted > BREAK_LIMIT - BREAK_BASE || !tables.map(now, then, HEAP_ACCESS)) {
      tally.failure();
    } else if (wanted > breakBytes) {
      mappings.add(new Mapping(now, then, HEAP_ACCESS, BREAK_KIND));
      breakBytes = wanted;
    }
  }

  /** Fills an empty space with what this one holds, at the same addresses. */
  void copyTo(RangeSpace child) {
    tally.flushAll(tables.withdrawWrites(mappings.all()));
    ranges.ids().forEach(id -> copy(id, child));
    List<Mapping> heap = mappings.within(BREAK_BASE, BREAK_BASE + breakBytes);
    if (child.copyMappings(heap)) {
      child.breakBytes = breakBytes;
    } else {
      tally.failure();
    }
  }

  private void copy(long id, RangeSpace child) {
    LiveRange range = Objects.requireNonNull(ranges.find(id), "it is live");
    Optional<LiveRange> there = child.exactly(0, range.base(), range.size());
    if (there.isEmpty()) {
      tally.failure();
      return;
    }
    LiveRange twin = there.get();
    child.used.add(twin.base(), twin.end());
    tally.shadow().born(child, twin);
    if (child.copyMappings(mappings.within(range.base(), range.end()))) {
      child.ranges.add(id, twin);
    } else {
      child.free(twin);
      tally.failure();
    }
  }

  private boolean copyMappings(List<Mapping> wanted) {
    List<Mapping> done = mapAll(wanted);
    if (done.size() == wanted.size()) {
      tables.withdrawWrites(done);
      done.forEach(mappings::add);
      return true;
    }
    tables.unmap(done);
    return false;
  }

  /** Unmaps everything with one flush, frees all ranges and ends the arena. */
  @Override
  public void close() {
    tally.flushAll(tables.empty(mappings.all()));
    ranges.all().forEach(this::free);
    tally.ended(arena.statistics());
    tables.close();
    try {
      arena.close();
    } catch (MisuseException e) {
      throw new IllegalStateException("the arena holds what nobody holds: " + e.getMessage(), e);
    }
  }
}
