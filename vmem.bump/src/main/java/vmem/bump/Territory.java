package vmem.bump;

import allocator.api.MisuseException;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.ArenaSpec;

/**
 * The spans of one arena and what is live in them. Each operation either happens entirely or leaves
 * everything as it was: what can fail, checks and the memory for entries, comes first.
 *
 * <p>Guarded by the arena's lock; knows no source.
 */
final class Territory {
  private static final long NONE = AddressArena.NONE;

  private final String name;
  private final long quantum;
  private final long gapBytes;
  private final boolean latestFirst;
  private final Spans spans;
  private final LiveRanges live;
  private long placed; // where choose has found room
  private long departed; // the base of the span that free or dismiss has taken out
  private long allocations;
  private long frees;
  private long bumped; // bytes by which requests have moved frontiers
  private long skipped; // bytes of them that no range has

  /** Makes an arena's territory without any span. */
  Territory(ArenaSpec spec, BumpSettings settings) {
    this(spec, settings, new Spans(), 0);
  }

  /**
   * Makes a territory over spans whose frontiers and counts say already what {@link #inherit} will
   * be told.
   *
   * @param expected how many live ranges that will be
   */
  Territory(ArenaSpec spec, BumpSettings settings, Spans spans, long expected) {
    this.name = spec.name();
    this.quantum = spec.quantum();
    this.gapBytes = settings.gapBytes(quantum);
    this.latestFirst = settings.latestFirst();
    this.spans = spans;
    this.live = new LiveRanges(quantum, expected);
  }

  /** Takes over a live range that the spans know of. */
  void inherit(long base, long size) {
    live.add(base, size);
    allocations++;
    bumped += Unsigned.roundUp(size, quantum);
  }

  /** Takes over the counts of a predecessor of the same kind, after its live ranges. */
  void resume(long allocated, long freed, long moved, long lost) {
    allocations = allocated;
    frees = freed;
    bumped = moved;
    skipped = lost;
  }

  // Spans.

  /** Adds a span by hand. */
  void addSpan(long base, long size) {
    checkSpan("a span", base, size);
    spans.reserve();
    spans.insert(base, size, false);
  }

  private void checkSpan(String what, long base, long size) {
    String fault = fault(base, size, quantum);
    if (!fault.isEmpty()) {
      throw misuse(what, base, size, fault);
    }
    int other = spans.overlapping(base, size);
    if (other != Spans.NOBODY) {
      throw misuse(what, base, size, "overlaps the span at 0x%x".formatted(spans.base(other)));
    }
  }

  /** {@return what is wrong with a span whatever others there are, or an empty text} */
  static String fault(long base, long size, long quantum) {
    if (size == 0 || Unsigned.isOff(base | size, quantum)) {
      return "must have whole quanta of 0x%x".formatted(quantum);
    }
    if (Unsigned.below(base + size - 1, base)) {
      return "passes the end of the address space";
    }
    return base + size - 1 == NONE && quantum == 1 ? "contains -1, which means no range" : "";
  }

  /** {@return whether one span has all addresses of a range} */
  boolean contains(long base, long size) {
    return size != 0 && spans.contain(base, size);
  }

  // Taking.

  /** {@return the base of a new range, or {@link AddressArena#NONE}} */
  long take(long size, AddressConstraints where) {
    int span = choose(size, where);
    if (span == Spans.NOBODY) {
      return NONE;
    }
    live.add(placed, size);
    return advance(span, placed, size);
  }

  private int choose(long size, AddressConstraints where) {
    if (Unsigned.below(spans.widest(), size)) {
      return Spans.NOBODY;
    }
    int latest = latestFirst ? spans.latest() : Spans.NOBODY;
    return latest != Spans.NOBODY && fits(latest, size, where) ? latest : lowest(size, where);
  }

  private int lowest(long size, AddressConstraints where) {
    int open = spans.firstOpen();
    int from = where.min() == 0 ? open : Math.max(open, spans.under(where.min()));
    long widest = 0;
    for (int span = from; span < spans.count(); span++) {
      if (fits(span, size, where)) {
        return span;
      }
      widest = Unsigned.max(widest, spans.room(span));
    }
    if (from == open) {
      spans.narrow(widest); // so that the next request as large need not look again
    }
    return Spans.NOBODY;
  }

  private boolean fits(int span, long size, AddressConstraints where) {
    placed =
        spans.room(span) == 0
            ? NONE
            : Place.above(spans.frontier(span), spans.last(span), size, where, quantum);
    return placed != NONE;
  }

  private long advance(int span, long base, long size) {
    long before = spans.frontier(span);
    long end = base + Unsigned.roundUp(size, quantum);
    long gap = Unsigned.min(gapBytes, spans.last(span) + 1 - end);
    spans.advance(span, end + gap);
    skipped += base - before + gap;
    bumped += end + gap - before;
    allocations++;
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
    checkSpan("an imported span", from, bytes);
    long base = Place.above(from, from + bytes - 1, size, where, quantum);
    if (base == NONE) {
      throw misuse("an imported span", from, bytes, "begins at no multiple of the source's unit");
    }
    spans.reserve();
    live.add(base, size);
    return advance(spans.insert(from, bytes, true), base, size);
  }

  // Freeing.

  /**
   * Forgets a live range. An imported span that thereby has none left is taken out.
   *
   * @return the size of the span that has been taken out, whose base is {@link #departed}; or 0
   * @throws MisuseException if there is no range at this base with this size
   */
  long free(long base, long size) {
    long known = live.size(base);
    if (known == LiveRanges.ABSENT) {
      throw misuse("range", base, size, "is not live: a double free or a foreign address");
    }
    if (known != size) {
      throw misuse("range", base, size, "was allocated with size 0x%x".formatted(known));
    }
    live.remove(base);
    frees++;
    int span = spans.under(base);
    return spans.retire(span) == 0 && spans.isImported(span) ? depart(span) : 0;
  }

  private long depart(int span) {
    departed = spans.base(span);
    long size = spans.size(span);
    spans.remove(span);
    return size;
  }

  /**
   * Takes an imported span without live ranges out. Only a rebuilt arena can have one.
   *
   * @return its size, and {@link #departed} is its base; 0 if there is none
   */
  long dismiss() {
    for (int span = 0; span < spans.count(); span++) {
      if (spans.isImported(span) && spans.lives(span) == 0) {
        return depart(span);
      }
    }
    return 0;
  }

  /** {@return the base of the span that was taken out last} */
  long departed() {
    return departed;
  }

  private MisuseException misuse(String what, long base, long size, String why) {
    return new MisuseException(
        "arena %s: %s at 0x%x of 0x%x bytes %s".formatted(name, what, base, size, why));
  }

  // Figures.

  /** {@return the spans} */
  Spans spans() {
    return spans;
  }

  /** {@return the live ranges} */
  LiveRanges live() {
    return live;
  }

  /** {@return the number of ranges handed out or taken over so far} */
  long allocations() {
    return allocations;
  }

  /** {@return the number of ranges freed so far} */
  long frees() {
    return frees;
  }

  /** {@return bytes by which frontiers have moved so far, in spans that have left as well} */
  long bumped() {
    return bumped;
  }

  /** {@return bytes so far that frontiers moved over and no range has} */
  long skipped() {
    return skipped;
  }
}
