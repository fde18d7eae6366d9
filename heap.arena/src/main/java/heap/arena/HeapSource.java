package heap.arena;

import allocator.api.CorruptionException;
import allocator.api.RangeVisitor;
import allocator.arena.Fit;
import allocator.arena.SpanSource;
import heap.api.BackedSpans;
import java.util.Arrays;

/**
 * Where the heap's arena gets its spans: the import function of this tier. Keeps the account of
 * what is held from below, and empty spans that are too good to go.
 *
 * <p>Safe for use by several threads; the tier below is never called with the monitor held. An
 * import is promised to the account first, so that several at once do not pass the limit together.
 */
final class HeapSource implements SpanSource {
  private static final long LARGEST = 1L << 46; // bytes; no machine here has more addresses

  private final BackedSpans below;
  private final long usual; // the size of a usual import
  private final long retain;
  private final boolean fixed;
  private long limit;
  private long promised; // held, and imports under way
  private long held;
  private long peak;
  private long kept; // bytes of the spans kept
  private int count;
  private long[] bases = new long[8];
  private long[] sizes = new long[8];
  private long releaseFailures;

  HeapSource(BackedSpans below, HeapSettings settings) {
    this.below = below;
    this.usual = settings.importBytes();
    this.retain = settings.retainBytes();
    this.fixed = settings.fixed();
    this.limit = settings.footprintLimit();
  }

  @Override
  public long quantum() {
    return below.pageBytes();
  }

  @Override
  public long importSpan(long size, Fit fit) {
    long span = takeKept(size);
    if (span == NONE) {
      span = importFresh(size);
    }
    if (span == NONE && !fixed && releaseKept(0) > 0) {
      span = importFresh(size); // what was kept is what the limit or the tier below lacked
    }
    return span;
  }

  private long importFresh(long size) {
    if (size < 0 || size > LARGEST || !promise(size)) {
      return NONE;
    }
    long span = BackedSpans.NONE;
    try {
      span = below.allocate(size, below.pageBytes());
    } finally {
      settle(size, span != BackedSpans.NONE);
    }
    return span == BackedSpans.NONE ? NONE : span;
  }

  private synchronized boolean promise(long size) {
    if (size > limit - promised) {
      return false;
    }
    promised += size;
    return true;
  }

  private synchronized void settle(long size, boolean imported) {
    if (imported) {
      held += size;
      peak = Math.max(peak, held);
    } else {
      promised -= size;
    }
  }

  @Override
  public void releaseSpan(long base, long size) {
    if (!keep(base, size)) {
      release(base, size);
    }
  }

  private synchronized boolean keep(long base, long size) {
    boolean kind = size == usual && kept + size <= retain;
    if (kind) {
      add(base, size);
    }
    return kind;
  }

  private synchronized void add(long base, long size) {
    if (count == bases.length) {
      bases = Arrays.copyOf(bases, 2 * count);
      sizes = Arrays.copyOf(sizes, 2 * count);
    }
    bases[count] = base;
    sizes[count++] = size;
    kept += size;
  }

  private synchronized long takeKept(long size) {
    for (int i = count - 1; i >= 0; i--) {
      if (sizes[i] == size) {
        return removeKept(i);
      }
    }
    return NONE;
  }

  private long removeKept(int index) {
    long base = bases[index];
    kept -= sizes[index];
    count--;
    bases[index] = bases[count];
    sizes[index] = sizes[count];
    return base;
  }

  /**
   * Gives a span back. If the tier below fails, the block that was freed is free all the same: the
   * span is kept and the failure counted.
   *
   * @return whether it is gone
   */
  private boolean release(long base, long size) {
    try {
      below.release(base, size);
    } catch (RuntimeException e) { // whatever is wrong below, the span must not be lost
      failed(base, size);
      return false;
    }
    released(size);
    return true;
  }

  private synchronized void failed(long base, long size) {
    releaseFailures++;
    add(base, size);
  }

  private synchronized void released(long size) {
    held -= size;
    promised -= size;
  }

  /** Gives kept spans back until no more than so many bytes are left; {@return how many went} */
  long releaseKept(long leave) {
    long gone = 0;
    for (int left = spansKept(); left > 0 && kept() > leave; left--) {
      long[] span = lastKept();
      gone += span[1] != 0 && release(span[0], span[1]) ? span[1] : 0;
    }
    return gone;
  }

  /** Takes the oldest kept span; {@return base and size, or zeros} */
  private synchronized long[] lastKept() {
    if (count == 0) {
      return new long[2];
    }
    long size = sizes[0];
    return new long[] {removeKept(0), size};
  }

  /** Notes what was taken over from a predecessor. */
  synchronized void inherit(long bytes) {
    held += bytes;
    promised += bytes;
    peak = Math.max(peak, held);
  }

  synchronized long held() {
    return held;
  }

  synchronized long peak() {
    return peak;
  }

  synchronized long limit() {
    return limit;
  }

  synchronized void limit(long bytes) {
    limit = bytes;
  }

  synchronized long kept() {
    return kept;
  }

  synchronized int spansKept() {
    return count;
  }

  synchronized long releaseFailures() {
    return releaseFailures;
  }

  /** Shows the spans kept; {@return whether the visitor wanted all of them} */
  synchronized boolean walkKept(RangeVisitor visitor) {
    for (int i = 0; i < count; i++) {
      if (!visitor.visit(bases[i], sizes[i], 0)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Compares the account with what there is.
   *
   * @param inArena bytes of the arena's spans
   * @return the number of facts checked
   * @throws CorruptionException naming the first one that does not hold
   */
  synchronized long check(long inArena) {
    long sum = Arrays.stream(sizes, 0, count).sum();
    expect("bytes of kept spans", sum, kept);
    expect("footprint", inArena + kept, held);
    expect("promised bytes", held, promised);
    expect("peak below the footprint", 0, peak < held ? 1 : 0);
    return 4;
  }

  private static void expect(String what, long expected, long found) {
    if (expected != found) {
      throw new CorruptionException(
          "heap.arena: %s: expected %d, found %d".formatted(what, expected, found));
    }
  }
}
