package allocator.arena;

import allocator.api.MisuseException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * The segments of one arena behind its lock, together with its source: whole operations, each of
 * which either happens entirely or leaves everything as it was.
 *
 * <p>The lock is dropped while the source is called, in both directions, so that arenas may be
 * stacked in any depth without an order of locks.
 */
final class LockedSegments {
  private static final long NONE = Arena.NONE;

  private final String name;
  private final String unit;
  private final long quantum;
  private final Constraints anywhere;
  private final Optional<SpanSource> source;
  private final long importUnit;
  private final long importLeast;
  private final Bounds bounds = new Bounds();
  private final ReentrantLock lock = new ReentrantLock();
  final Segments segments; // with the lock, but for the reads that QuantumCaches does without
  private boolean closed;
  private long failures;
  private long populateFailures;
  private final AtomicLong releaseFailures = new AtomicLong();

  LockedSegments(ArenaShape shape, ArenaTuning tuning) {
    this.name = shape.name();
    this.unit = shape.unit();
    this.quantum = shape.quantum();
    this.anywhere = Constraints.aligned(quantum);
    this.source = shape.source();
    this.importUnit = Numbers.max(quantum, source.map(SpanSource::quantum).orElse(quantum));
    this.importLeast = tuning.importLeast();
    this.segments = new Segments(quantum, source.isEmpty(), tuning);
  }

  /** Enters the arena. Pairs with {@link #leave}. */
  Segments enter() {
    lock.lock();
    if (closed) {
      lock.unlock();
      throw new MisuseException("arena %s is closed".formatted(name));
    }
    return segments;
  }

  /** Leaves the arena, after spans that are to go back to the source have gone. */
  void leave() {
    try {
      handBack();
    } finally {
      lock.unlock();
    }
  }

  /** {@return a figure, read with the lock} */
  long ask(ToLongFunction<Segments> question) {
    enter();
    try {
      return question.applyAsLong(segments);
    } finally {
      leave();
    }
  }

  /** {@return what a walk with the lock answers} */
  boolean show(Predicate<Segments> walk) {
    enter();
    try {
      return walk.test(segments);
    } finally {
      leave();
    }
  }

  private void handBack() {
    Departures departures = segments.departures();
    while (!departures.isEmpty()) {
      long base = departures.lastBase();
      long size = departures.lastSize();
      departures.removeLast();
      boolean gone = false;
      lock.unlock();
      try {
        source.orElseThrow().releaseSpan(base, size);
        gone = true;
      } catch (RuntimeException e) {
        releaseFailures.incrementAndGet(); // the call that led here has been served
      } finally {
        lock.lock();
      }
      if (!gone) {
        departures.add(base, size); // the next operation tries again
        return;
      }
    }
  }

  /** {@return whether one operation will find the tags it needs} */
  boolean populate() {
    boolean populated = segments.tags.reserve();
    if (!populated) {
      populateFailures++;
    }
    return populated;
  }

  // Spans.

  /**
   * Adds a span by hand.
   *
   * @throws MisuseException if it may not be one, or finds no tag
   */
  void addSpan(long base, long size) {
    checkSpan(base, size);
    enter();
    try {
      int other = segments.lookup.overlapping(base, size);
      if (other != Tags.NONE) {
        throw misuse("span", base, size, "overlaps the span at 0x%x".formatted(start(other)));
      }
      if (!populate()) {
        throw misuse("span", base, size, "finds no boundary tag: the limit is reached");
      }
      segments.addSpan(base, size, false);
    } finally {
      leave();
    }
  }

  private void checkSpan(long base, long size) {
    if (size == 0 || Numbers.isOff(base | size, quantum)) {
      throw misuse("a span", base, size, "must have whole quanta of 0x%x".formatted(quantum));
    }
    if (isPastEnd(base, size)) {
      throw misuse("a span", base, size, "passes the end of the address space");
    }
    if (base + size - 1 == NONE && quantum == 1) {
      throw misuse("a span", base, size, "contains -1, which means no range");
    }
  }

  /** {@return whether one span has all addresses of a range} */
  boolean contains(long base, long size) {
    enter();
    try {
      return segments.lookup.contains(base, size);
    } finally {
      leave();
    }
  }

  // Allocation.

  /** Refuses a request for nothing. */
  void checkSize(long size) {
    if (size == 0) {
      throw new MisuseException("arena %s: a request of 0 %s".formatted(name, unit));
    }
  }

  /** {@return the base of a new range anywhere, or {@link Arena#NONE}} */
  long allocate(long size, Fit policy, int note) {
    enter();
    try {
      long base = allocateFast(size, policy, note);
      if (base != NONE) {
        return base;
      }
      return constrained(size, anywhere, policy == Fit.NEXT ? Fit.INSTANT : policy, note);
    } finally {
      leave();
    }
  }

  /** The two policies that have a way of their own when there are no constraints. */
  private long allocateFast(long size, Fit policy, int note) {
    if (policy == Fit.BEST || policy == Fit.FIRST || !populate()) {
      return NONE;
    }
    int made = policy == Fit.NEXT ? segments.nextFit(size, note) : segments.instantFit(size, note);
    if (made != Tags.NONE) {
      return start(made);
    }
    handBack(); // before anything is imported: it may be what the source is short of
    return NONE;
  }

  /** {@return the base of a new range within constraints, or {@link Arena#NONE}} */
  long allocateConstrained(long size, Constraints where, Fit policy, int note) {
    enter();
    try {
      return constrained(size, where, policy, note);
    } finally {
      leave();
    }
  }

  private long constrained(long size, Constraints where, Fit policy, int note) {
    long base = place(size, where, policy, note);
    if (base == NONE && source.isPresent() && bounds.allowsImport()) {
      base = placeInImport(size, where, policy, note);
    }
    return base;
  }

  private long place(long size, Constraints where, Fit policy, int note) {
    bounds.take(where, quantum);
    if (!populate()) {
      return NONE;
    }
    int segment = segments.search.find(size, bounds, policy);
    return segment == Tags.NONE
        ? NONE
        : start(segments.carve(segment, segments.search.found(), size, note));
  }

  /**
   * Imports a span and allocates in it. If room has appeared in the arena while the lock was
   * dropped, that is used, and an import larger than needed goes straight back.
   */
  private long placeInImport(long size, Constraints where, Fit policy, int note) {
    long asked = bounds.importSize(size, importUnit, quantum, importLeast);
    long enough = bounds.enough(size, quantum);
    if (asked == 0 || !populate()) {
      return NONE;
    }
    long span = importSpan(asked, policy);
    boolean hasRoom = enough != 0 && segments.free.certainFor(enough) >= 0;
    if (hasRoom && (span == NONE || Numbers.above(asked, enough))) {
      if (span != NONE) {
        segments.departures().add(span, asked);
      }
      return place(size, where, policy, note);
    }
    if (span == NONE) {
      return NONE;
    }
    bounds.take(where, quantum); // another thread may have used them meanwhile
    int segment = segments.addSpan(span, asked, true);
    return start(segments.carve(segment, bounds.firstIn(span), size, note));
  }

  /** Calls the source without the lock, with the tags for its answer set aside. */
  private long importSpan(long size, Fit policy) {
    segments.tags.hold();
    lock.unlock();
    long span;
    try {
      span = source.orElseThrow().importSpan(size, policy);
    } finally {
      lock.lock();
      segments.tags.unhold();
    }
    if (span != NONE && (Numbers.isOff(span, quantum) || isPastEnd(span, size))) {
      segments.departures().add(span, size);
      throw misuse("imported span", span, size, "is misaligned or passes 2^64");
    }
    return span;
  }

  /** {@return whether a range passes the end of the address space, which it may reach} */
  static boolean isPastEnd(long base, long size) {
    return Numbers.below(base + size - 1, base);
  }

  /** Notes that a request was answered with {@link Arena#NONE}. */
  void noteFailure() {
    lock.lock();
    try {
      failures++;
    } finally {
      lock.unlock();
    }
  }

  // Freeing.

  /**
   * Frees a live range.
   *
   * @throws MisuseException if there is none at this base with this size
   */
  void free(long base, long size) {
    enter();
    try {
      int tag = segments.live.find(base);
      if (tag == Tags.NONE) {
        throw misuse("range", base, size, "is not live: a double free or a foreign address");
      }
      if (!segments.tags.claim(tag, base, size, Tags.LIVE, Tags.IDLE)) {
        throw misuse("range", base, size, whyNot(tag, size));
      }
      segments.release(tag);
    } finally {
      leave();
    }
  }

  /**
   * Frees the live range that begins at an integer.
   *
   * @throws MisuseException if there is none
   */
  void free(long base) {
    enter();
    try {
      int tag = segments.live.find(base);
      long size = tag == Tags.NONE ? 0 : segments.tags.size(tag);
      if (tag == Tags.NONE || !segments.tags.claim(tag, base, size, Tags.LIVE, Tags.IDLE)) {
        throw misuse("range", base, size, "is not live: a double free or a foreign address");
      }
      segments.release(tag);
    } finally {
      leave();
    }
  }

  private String whyNot(int tag, long size) {
    long whole = segments.tags.size(tag);
    return whole != size
        ? "was allocated with size 0x%x".formatted(whole)
        : "is not live: a double free of a range that a quantum cache holds";
  }

  /** Frees a range that a quantum cache holds. */
  void freeCached(int tag) {
    enter();
    try {
      segments.tags.setState(tag, Tags.IDLE);
      segments.release(tag);
    } finally {
      leave();
    }
  }

  /** Hands imported spans back that are all free and that the rotor kept from being noticed. */
  void giveBack() {
    enter();
    try {
      while (segments.dismissImport()) {
        handBack();
      }
    } finally {
      leave();
    }
  }

  /** Hands all imported spans back and refuses every later call. */
  void close() {
    enter();
    try {
      if (segments.live.count() != 0) {
        throw new MisuseException(
            "arena %s cannot be closed: %d ranges are live".formatted(name, segments.live.count()));
      }
      closed = true;
      while (segments.dismissImport()) {
        handBack();
      }
    } finally {
      leave();
    }
  }

  private long start(int tag) {
    return segments.tags.start(tag);
  }

  /** {@return the exception for a call that breaks the contract} */
  MisuseException misuse(String what, long base, long size, String why) {
    return new MisuseException(
        "arena %s: %s at 0x%x of 0x%x %s %s".formatted(name, what, base, size, unit, why));
  }

  /** {@return requests answered with none so far} */
  long failures() {
    return failures;
  }

  /** {@return how often there was no boundary tag to be had} */
  long populateFailures() {
    return populateFailures;
  }

  /** {@return how often the source failed to take a span} */
  long releaseFailures() {
    return releaseFailures.get();
  }
}
