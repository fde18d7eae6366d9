package allocator.arena;

/**
 * The segments of one arena: spans, splitting and joining, and the four ways to choose. Knows
 * neither lock nor source nor caches; every method needs the arena's lock, and the methods that
 * take tags need {@link Tags#reserve()} before.
 */
final class Segments {
  private final long quantum;
  private final boolean sorted; // hand-added spans are kept in address order
  final Tags tags;
  final FreeLists free;
  final LiveTable live;
  final Search search;
  final SpanLookup lookup;
  final Reshaping reshaping;
  private final Departures departures = new Departures();

  private long inUse;
  private long imported;
  private long total;
  private long freeBytes;
  private long spans;
  private long allocations;
  private long frees;

  /**
   * Makes an arena's segments without any span.
   *
   * @param quantum the unit, a power of two
   * @param sorted whether spans added by hand are kept in address order: so if nothing is imported
   * @param settings sizes and limits
   */
  Segments(long quantum, boolean sorted, ArenaTuning settings) {
    this.quantum = quantum;
    this.sorted = sorted;
    this.tags = new Tags(settings.segmentsMax());
    this.free = new FreeLists(tags);
    this.live = new LiveTable(tags, quantum, settings.hashStart());
    this.search = new Search(tags, free);
    this.lookup = new SpanLookup(tags, sorted);
    this.reshaping = new Reshaping(this, quantum);
  }

  // Spans.

  /**
   * Adds a span.
   *
   * @return its only segment, free
   */
  int addSpan(long base, long size, boolean fromSource) {
    int after = fromSource || !sorted ? Tags.ANCHOR : spanAbove(base);
    int span = tags.create(tags.previous(after), base, base + size, Tags.SPAN);
    tags.insertKinAfter(tags.kinPrevious(after), span);
    noteSpan(span, size, fromSource);
    return makeFree(span, base, base + size);
  }

  /** Adds a span below all others without any segment; {@return its marker} */
  int openSpan(long base, long size, boolean fromSource) {
    int span = tags.create(Tags.CURSOR, base, base + size, Tags.SPAN);
    tags.insertKinAfter(Tags.ANCHOR, span);
    noteSpan(span, size, fromSource);
    return span;
  }

  private void noteSpan(int span, long size, boolean fromSource) {
    if (fromSource) {
      tags.setImported(span);
      imported += size;
    }
    total += size;
    spans++;
  }

  /** {@return the span before which one with a given base belongs, or the anchor} */
  private int spanAbove(long base) {
    int above = Tags.ANCHOR;
    int span = tags.kinPrevious(above);
    while (span != Tags.ANCHOR && !Numbers.below(tags.end(span) - 1, base)) {
      above = span;
      span = tags.kinPrevious(above);
    }
    return above;
  }

  /**
   * Takes an imported span that is entirely free out of the arena. There is at most one unless the
   * arena was rebuilt: the one that the rotor keeps from being noticed.
   *
   * @return whether there was one
   */
  boolean dismissImport() {
    advance(Tags.ANCHOR);
    int span = tags.kinNext(Tags.ANCHOR);
    while (span != Tags.ANCHOR && !(tags.isImported(span) && isAllFree(span))) {
      span = tags.kinNext(span);
    }
    if (span != Tags.ANCHOR) {
      takeFree(tags.next(span));
      removeSpan(tags.next(span));
    }
    return !departures.isEmpty();
  }

  private boolean isAllFree(int span) {
    int segment = tags.next(span);
    return tags.type(segment) == Tags.FREE && isWholeImport(segment);
  }

  private void removeSpan(int segment) {
    int span = tags.previous(segment);
    long size = tags.size(span);
    departures.add(tags.start(span), size);
    imported -= size;
    total -= size;
    spans--;
    tags.removeKin(span);
    tags.destroy(segment);
    tags.destroy(span);
  }

  private boolean isWholeImport(int segment) {
    int before = tags.previous(segment);
    return tags.type(before) == Tags.SPAN
        && tags.isImported(before)
        && tags.type(tags.next(segment)) == Tags.SPAN;
  }

  /** {@return the spans that have left and are to be handed back to the source} */
  Departures departures() {
    return departures;
  }

  // Splitting and joining.

  /**
   * Makes a live segment out of a part of a free one; what is left on its sides stays free.
   *
   * @param segment a free segment that covers the range when rounded up to the quantum
   * @param note what the live segment carries for its client
   * @return the live segment
   */
  int carve(int segment, long base, long size, int note) {
    long start = tags.start(segment);
    long whole = tags.size(segment);
    long rounded = Numbers.roundUp(size, quantum);
    if (base == start && staysOnList(whole, rounded)) {
      return carveFront(tags.previous(segment), segment, base, size, note);
    }
    takeFree(segment);
    long end = start + whole;
    if (base + rounded != end) {
      makeFree(segment, base + rounded, end);
    }
    if (base != start) {
      makeFree(tags.previous(segment), start, base);
    }
    tags.setStart(segment, base);
    tags.setEnd(segment, base + size);
    makeLive(segment, size, note);
    return segment;
  }

  private static boolean staysOnList(long whole, long rounded) {
    long rest = whole - rounded;
    return Numbers.below(whole ^ rest, whole & rest); // so if their highest bits are the same
  }

  /** The cheap split: only the start of the free segment moves, and it keeps its list. */
  private int carveFront(int after, int segment, long base, long size, int note) {
    long rounded = Numbers.roundUp(size, quantum);
    tags.setStart(segment, base + rounded);
    freeBytes -= rounded;
    return makeLive(after, base, size, note);
  }

  /** Makes a live segment behind a tag in the ring, where no segment is. */
  int makeLive(int after, long base, long size, int note) {
    int segment = tags.create(after, base, base + size, Tags.IDLE);
    makeLive(segment, size, note);
    return segment;
  }

  private void makeLive(int segment, long size, int note) {
    live.insert(segment);
    tags.setState(segment, Tags.LIVE, note);
    allocations++;
    inUse += size;
  }

  /** Makes a segment that counts as live and is to be made so, or freed, in this operation. */
  int makeIdle(int after, long base, long size) {
    int segment = tags.create(after, base, base + size, Tags.IDLE);
    live.insert(segment);
    allocations++;
    inUse += size;
    return segment;
  }

  /** Makes a free segment behind a tag in the ring, where no segment is. */
  int makeFree(int after, long start, long end) {
    int segment = tags.create(after, start, end, Tags.IDLE);
    makeFree(segment);
    return segment;
  }

  /** Puts a segment on its free list. */
  void makeFree(int segment) {
    free.insert(segment);
    freeBytes += tags.size(segment);
  }

  /** Takes a segment off its free list. */
  void takeFree(int segment) {
    free.delete(segment);
    freeBytes -= tags.size(segment);
  }

  /**
   * Frees a live segment, joined with free neighbours; a span from a source that is thereby all
   * free leaves the arena and joins the {@link #departures}.
   */
  void release(int segment) {
    live.remove(segment);
    frees++;
    inUse -= tags.size(segment);
    tags.setEnd(segment, Numbers.roundUp(tags.end(segment), quantum));
    int joined = joinBefore(joinNext(segment));
    if (isWholeImport(joined)) {
      removeSpan(joined);
    } else {
      makeFree(joined);
    }
  }

  /** Notes that live segments have grown by so much, or shrunk if it is negative. */
  void noteGrowth(long by) {
    inUse += by;
  }

  private int joinNext(int segment) {
    int next = tags.next(segment);
    if (tags.type(next) == Tags.FREE) {
      takeFree(next);
      tags.setEnd(segment, tags.end(next));
      tags.destroy(next);
    }
    return segment;
  }

  private int joinBefore(int segment) {
    int before = tags.previous(segment);
    if (tags.type(before) != Tags.FREE) {
      return segment;
    }
    takeFree(before);
    tags.setEnd(before, tags.end(segment));
    tags.destroy(segment);
    return before;
  }

  // Instant fit without constraints.

  /** {@return a live segment made from a list whose members all suffice, or nobody} */
  int instantFit(long size, int note) {
    int list = free.certainFor(size);
    if (list < 0) {
      return Tags.NONE;
    }
    int segment = free.first(list);
    return carve(segment, tags.start(segment), size, note);
  }

  // Next fit.

  /** {@return a live segment made from the first free one behind the rotor, or nobody} */
  int nextFit(long size, int note) {
    int segment = tags.next(Tags.CURSOR);
    long rounded = Numbers.roundUp(size, quantum);
    boolean exists = rounded != 0; // it would be 2^64
    if (exists
        && tags.type(segment) == Tags.FREE
        && Numbers.above(tags.size(segment), rounded)
        && staysOnList(tags.size(segment), rounded)) {
      return carveFront(tags.previous(Tags.CURSOR), segment, tags.start(segment), size, note);
    }
    int chosen = behindRotor(segment, size);
    if (chosen == Tags.NONE) {
      return Tags.NONE;
    }
    int made = carve(chosen, tags.start(chosen), size, note);
    advance(made);
    return made;
  }

  private int behindRotor(int from, long size) {
    for (int segment = from; segment != Tags.CURSOR; segment = tags.next(segment)) {
      search.noteStep();
      if (fits(segment, size)) {
        return segment;
      }
    }
    // Full circle. The rotor itself may part two segments that would do together.
    advance(tags.next(Tags.CURSOR));
    int before = tags.previous(Tags.CURSOR);
    return fits(before, size) ? before : Tags.NONE;
  }

  private boolean fits(int segment, long size) {
    return tags.type(segment) == Tags.FREE && !Numbers.below(tags.size(segment), size);
  }

  /** Moves the rotor and joins what it kept apart, up to the return of a whole import. */
  void advance(int after) {
    int before = tags.previous(Tags.CURSOR);
    int next = tags.next(Tags.CURSOR);
    tags.remove(Tags.CURSOR);
    tags.insertAfter(after, Tags.CURSOR);
    int left = Tags.NONE;
    if (tags.type(before) == Tags.FREE) {
      left = tags.type(next) == Tags.FREE ? join(before, next) : before;
    } else if (tags.type(next) == Tags.FREE) {
      left = next;
    }
    if (left != Tags.NONE && isWholeImport(left)) {
      takeFree(left);
      removeSpan(left);
    }
  }

  private int join(int before, int next) {
    takeFree(next);
    takeFree(before);
    tags.setEnd(before, tags.end(next));
    makeFree(before);
    tags.destroy(next);
    return before;
  }

  // Figures.

  /** {@return bytes in live segments, those in quantum caches included} */
  long inUse() {
    return inUse;
  }

  /** {@return bytes in spans that came from a source} */
  long imported() {
    return imported;
  }

  /** {@return bytes in spans} */
  long total() {
    return total;
  }

  /** {@return bytes in free segments} */
  long freeBytes() {
    return freeBytes;
  }

  /** {@return the number of spans} */
  long spans() {
    return spans;
  }

  /** {@return the number of segments made live so far} */
  long allocations() {
    return allocations;
  }

  /** {@return the number of segments freed so far} */
  long frees() {
    return frees;
  }
}
