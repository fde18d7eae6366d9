package vmem.tree;

import static vmem.tree.Areas.NIL;

import allocator.api.MisuseException;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.ArenaSpec;

/**
 * The spans of one arena and what tiles them: free areas, live ranges, and lazy areas that are
 * neither. Each operation either happens entirely or leaves everything as it was.
 *
 * <p>Guarded by the arena's lock; knows no source.
 */
final class Space {
  private static final long NONE = AddressArena.NONE;

  private final ArenaSpec spec;
  private final long quantum;
  private final long guard;
  private final boolean topDown;
  private final FreeSearch search;

  /** Where all areas are. */
  final Areas areas;

  /** The free areas. */
  final AreaTree free;

  /** The live ranges. */
  final AreaTree live;

  /** What was freed and waits. */
  final Lazies lazies;

  /** The spans. */
  final Territory spans;

  /** What the figures tell. */
  final Tally tally = new Tally();

  /**
   * Makes an arena's space without any span.
   *
   * @param cpus how many CPUs there are
   */
  Space(ArenaSpec spec, TreeSettings settings, int cpus) {
    this.spec = spec;
    this.quantum = spec.quantum();
    this.guard = settings.guard() && !spec.identifier() ? quantum : 0;
    this.topDown = settings.topDown();
    this.areas = new Areas(settings.areasMax());
    this.free = new AreaTree(areas, true);
    this.live = new AreaTree(areas, false);
    this.spans = new Territory(spec, settings, areas);
    this.lazies = new Lazies(areas, spans, spec.identifier() ? 0 : settings.lazyMost(cpus));
    this.search = new FreeSearch(areas, free, quantum, guard);
  }

  /** {@return bytes that a request takes up, with the guard; 0 if that is 2^64 or more} */
  long extent(long size) {
    long whole = Unsigned.roundUp(size, quantum);
    return whole == 0 || Unsigned.below(whole + guard, whole) ? 0 : whole + guard;
  }

  /** Adds a span by hand. */
  void addSpan(long base, long size) {
    spans.check("a span", base, size);
    if (!areas.reserve(2)) {
      throw spans.misuse("a span", base, size, "finds no area: the limit is reached");
    }
    spans.add(base, size, false);
    free.insert(areas.create(base, size));
    tally.freeBytes += size;
  }

  // Taking.

  /** {@return the base of a new range, or {@link AddressArena#NONE}} */
  long take(long size, AddressConstraints where) {
    long extent = extent(size);
    if (extent == 0 || !areas.reserve(Areas.WORST_CASE)) {
      return NONE;
    }
    int emptied = NIL;
    int area = find(size, extent, where);
    if (area == NIL && lazies.mayHelp(where)) {
      emptied = purge();
      area = find(size, extent, where);
    }
    if (area == NIL && !topDown && FreeSearch.isPlain(where)) {
      area = search.lowest(size, extent, where, where.min()); // what the kernel would not find
    }
    long base = area == NIL ? NONE : carve(area, search.base(), size, extent);
    letGo(emptied);
    return base;
  }

  private int find(long size, long extent, AddressConstraints where) {
    if (Unsigned.below(free.largest(), extent)) {
      return NIL;
    }
    return topDown ? findDown(size, extent, where) : findUp(size, extent, where);
  }

  private int findUp(long size, long extent, AddressConstraints where) {
    long origin = Unsigned.max(where.min(), spans.origin());
    int area = findFrom(origin, size, extent, where);
    return area == NIL && origin != where.min() ? findFrom(where.min(), size, extent, where) : area;
  }

  private int findFrom(long min, long size, long extent, AddressConstraints where) {
    return FreeSearch.isPlain(where)
        ? search.kernel(size, extent, where, min)
        : search.lowest(size, extent, where, min);
  }

  private int findDown(long size, long extent, AddressConstraints where) {
    long ceiling = Unsigned.min(where.max() - 1, spans.origin() - 1) + 1;
    int area = search.highest(size, extent, where, ceiling);
    return area == NIL && ceiling != where.max()
        ? search.highest(size, extent, where, where.max())
        : area;
  }

  /** Cuts a range out of a free area: the kernel's four ways for it to fit. */
  private long carve(int area, long base, long size, long extent) {
    long before = base - areas.start(area);
    long behind = areas.size(area) - before - extent;
    if (before == 0 && behind == 0) {
      tally.fullFits++;
      free.remove(area);
      areas.destroy(area);
    } else if (before == 0) {
      tally.leftFits++;
      shrink(area, base + extent, behind);
    } else if (behind == 0) {
      tally.rightFits++;
      shrink(area, areas.start(area), before);
    } else {
      tally.innerFits++;
      int rest = areas.create(areas.start(area), before);
      shrink(area, base + extent, behind);
      free.insertBelow(rest, area);
    }
    tally.freeBytes -= extent;
    tally.allocations++;
    return enliven(base, size, extent);
  }

  private void shrink(int area, long start, long size) {
    areas.setStart(area, start);
    areas.setSize(area, size);
    free.resized(area);
  }

  private long enliven(long base, long size, long extent) {
    int range = areas.create(base, size);
    areas.setMax(range, extent);
    live.insert(range);
    tally.liveBytes += size;
    tally.guardBytes += extent - Unsigned.roundUp(size, quantum);
    return base;
  }

  /**
   * Adds an imported span and takes a range in it.
   *
   * @param from the span's base
   * @param bytes its size
   * @return the range's base
   * @throws MisuseException if the span is none that the arena can have
   */
  long settle(long from, long bytes, long size, AddressConstraints where) {
    spans.check("an imported span", from, bytes);
    long last = from + bytes - 1 - guard;
    long base =
        topDown
            ? Placement.highest(from, last, size, where, quantum)
            : Placement.lowest(from, last, size, where, quantum);
    if (base == NONE) {
      throw spans.misuse(
          "an imported span", from, bytes, "begins at no multiple of the source's unit");
    }
    if (!areas.reserve(Areas.WORST_CASE)) {
      throw spans.misuse("an imported span", from, bytes, "finds no area: the limit is reached");
    }
    spans.add(from, bytes, true);
    int area = areas.create(from, bytes);
    free.insert(area);
    tally.freeBytes += bytes;
    return carve(area, base, size, extent(size));
  }

  // Freeing.

  /**
   * Frees a live range: it waits, unless enough have gathered.
   *
   * @throws MisuseException if there is no range at this base with this size
   */
  void free(long base, long size) {
    int range = live.find(base);
    if (range == NIL) {
      throw spans.misuse("range", base, size, "is not live: a double free or a foreign address");
    }
    if (areas.size(range) != size) {
      throw spans.misuse(
          "range", base, size, "was allocated with size 0x%x".formatted(areas.size(range)));
    }
    live.remove(range);
    long extent = areas.max(range);
    tally.liveBytes -= size;
    tally.guardBytes -= extent - Unsigned.roundUp(size, quantum);
    tally.frees++;
    areas.setSize(range, extent);
    lazies.add(range);
    if (lazies.isFull()) {
      letGo(purge());
    }
  }

  /**
   * Makes all that waits free, with one flush.
   *
   * @return an imported span that has become free, each with the next as its last word; or nobody
   */
  private int purge() {
    int emptied = NIL;
    int next;
    for (int area = lazies.takeAll(); area != NIL; area = next) {
      next = (int) areas.max(area);
      tally.freeBytes += areas.size(area);
      int span = spans.filledBy(spans.mergeOrAdd(area, free));
      if (span != NIL) {
        areas.setMax(span, emptied);
        emptied = span;
      }
    }
    return emptied;
  }

  /** Lets the spans of a list depart that are still free. */
  private void letGo(int emptied) {
    int next;
    for (int span = emptied; span != NIL; span = next) {
      next = (int) areas.max(span);
      departIfFree(span);
    }
  }

  private void departIfFree(int span) {
    int area = free.find(areas.start(span));
    if (area != NIL && spans.filledBy(area) == span) {
      tally.freeBytes -= areas.size(area);
      free.remove(area);
      areas.destroy(area);
      spans.depart(span);
    }
  }

  /** Makes all that waits free, and lets every imported span depart that nobody uses. */
  void drain() {
    purge();
    int next;
    for (int span = spans.tree().first(); span != NIL; span = next) {
      next = spans.tree().next(span);
      departIfFree(span);
    }
  }

  // Taking over.

  /** Takes over a free area. */
  void inheritFree(long base, long size) {
    free.insert(areas.create(base, size));
    tally.freeBytes += size;
  }

  /**
   * Takes over a live range.
   *
   * @param room bytes from its base to the next one's or the span's end
   * @return bytes that it takes up
   */
  long inheritLive(long base, long size, long room) {
    long whole = Unsigned.roundUp(size, quantum);
    long extent = whole + Unsigned.min(guard, room - whole);
    enliven(base, size, extent);
    tally.allocations++;
    return extent;
  }

  /** {@return the description of the arena} */
  ArenaSpec spec() {
    return spec;
  }
}
