package heap.slab;

import heap.api.BackedSpans;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ranges imported from below, cut into runs of pages: 2^order for slabs, any small number for large
 * blocks. One that is free as a whole goes home, but for a little that is kept. Safe for use by
 * several threads; one lock, not held while the tier below is called.
 */
final class Extents {
  static final int NONE = IndexLists.NONE;

  /** Whole extents kept against a heap that breathes. */
  static final int KEPT = 1;

  /** The longest run that is handed out, in pages. */
  static final int MOST_PAGES = 16;

  private static final int MOST_ORDER = 4; // of a run by which extents are listed: MOST_PAGES
  static final int WHOLE = MOST_ORDER + 1; // list of extents free as a whole
  static final int SPARE = WHOLE + 1; // list of indices without an extent
  static final int LISTS = WHOLE + 2; // the others are by the largest free order
  static final int FULL = LISTS; // in no list: nothing is free
  static final int ASIDE = LISTS + 1; // in no list: on its way home

  private final BackedSpans spans;
  private final Regions regions;
  private final Ledger ledger;
  private final AtomicLong refusals;
  private final int pageBytes;
  private final int extentPages;
  private final int words; // of 64 pages
  private final SlabLock lock = new SlabLock();
  private final IndexLists lists = new IndexLists(LISTS);
  private int top; // indices below it were used
  private int count;
  private long freePages;
  private volatile long keep; // bytes that are to stay free, during a trim
  private long imports;
  private long releases;
  private long[] base = {};
  private int[] pages = {};
  private int[] left = {}; // free pages
  private long[] free = {}; // bit per page

  Extents(
      BackedSpans spans, Regions regions, Ledger ledger, AtomicLong refusals, long extentBytes) {
    this.spans = spans;
    this.regions = regions;
    this.ledger = ledger;
    this.refusals = refusals;
    this.pageBytes = spans.pageBytes();
    this.extentPages = (int) (extentBytes / pageBytes);
    this.words = (extentPages + 63) >>> 6;
  }

  // ---------------------------------------------------------------------------------------- runs

  /** {@return the address of pages, in step if they are 2^order; 0 if memory is exhausted} */
  long takeSlab(int pages) {
    return take(pages, startsOfSlab(pages));
  }

  private static long startsOfSlab(int pages) {
    boolean power = Integer.bitCount(pages) == 1;
    return power ? RunBits.starts(Integer.numberOfTrailingZeros(pages)) : RunBits.ANYWHERE;
  }

  /**
   * {@return where the next run of so many pages will be cut, or 0 if an extent has to be imported}
   *
   * @param pages how many
   * @param slab whether they are for a slab
   */
  long foresee(int pages, boolean slab) {
    int extent = withRun(pages);
    long starts = slab ? startsOfSlab(pages) : RunBits.ANYWHERE;
    return extent == NONE
        ? BackedSpans.NONE
        : base[extent] + (long) firstRun(extent, pages, starts) * pageBytes;
  }

  /** {@return the address of up to {@link #MOST_PAGES} pages, or 0 if memory is exhausted} */
  long takeRun(int pages) {
    return take(pages, RunBits.ANYWHERE);
  }

  private long take(int pages, long starts) {
    long run = cut(pages, starts);
    while (run == BackedSpans.NONE && grow(pages)) {
      run = cut(pages, starts);
    }
    return run;
  }

  private long cut(int pages, long starts) {
    lock.enter();
    try {
      int extent = withRun(pages);
      return extent == NONE ? BackedSpans.NONE : cutLocked(extent, pages, starts);
    } finally {
      lock.leave();
    }
  }

  /** {@return the most broken extent that is known to have a run, or NONE} */
  private int withRun(int count) {
    int extent = NONE;
    int order = Integer.SIZE - Integer.numberOfLeadingZeros(count - 1);
    for (int fit = order; fit < WHOLE && extent == NONE; fit++) {
      extent = lists.head(fit);
    }
    return extent == NONE ? wholeWithRun(count) : extent;
  }

  private int wholeWithRun(int count) {
    int extent = lists.head(WHOLE);
    while (extent != NONE && pages[extent] < count) { // imported in a shortage, and short
      extent = lists.next(extent);
    }
    return extent;
  }

  private long cutLocked(int extent, int count, long starts) {
    int page = firstRun(extent, count, starts);
    change(extent, page, count, -1);
    return base[extent] + (long) page * pageBytes;
  }

  private int firstRun(int extent, int count, long starts) {
    int word = extent * words;
    while ((RunBits.runs(free[word], count) & starts) == 0) {
      word++;
    }
    int bit = Long.numberOfTrailingZeros(RunBits.runs(free[word], count) & starts);
    return ((word - extent * words) << 6) + bit;
  }

  private void change(int extent, int page, int count, int sign) {
    free[extent * words + (page >>> 6)] ^= RunBits.mask(page, count);
    left[extent] += sign * count;
    freePages += (long) sign * count;
    lists.move(extent, listFor(extent));
  }

  /** {@return whether the pages behind a run, which were free, are part of it now} */
  boolean extend(long end, int count) {
    lock.enter();
    try {
      int extent = regions.find(end - 1).extent[regions.page(end - 1)];
      int page = (int) ((end - base[extent]) / pageBytes);
      boolean fits =
          page + count <= pages[extent]
              && page >>> 6 == page + count - 1 >>> 6
              && (~free[extent * words + (page >>> 6)] & RunBits.mask(page, count)) == 0;
      if (fits) {
        change(extent, page, count, -1);
      }
      return fits;
    } finally {
      lock.leave();
    }
  }

  /** Takes a run back, and sends a whole extent home if more than enough are free. */
  void give(long run, int count) {
    int extent;
    lock.enter();
    try {
      int from = regions.find(run).extent[regions.page(run)];
      change(from, (int) ((run - base[from]) / pageBytes), count, 1);
      extent = lists.size(WHOLE) > KEPT ? spareLocked(keep) : NONE;
    } finally {
      lock.leave();
    }
    if (extent != NONE) {
      releaseQuietly(extent);
    }
  }

  /* The run is free already, so its giver's call cannot fail for it: it is kept and counted. */
  private void releaseQuietly(int extent) {
    try {
      release(extent);
    } catch (RuntimeException e) { // of the tier below
      refusals.incrementAndGet();
    }
  }

  // ------------------------------------------------------------------------- from and to below

  /* In shortage less will do, down to what is needed. */
  private boolean grow(int least) {
    for (int size = extentPages; size >= least; size >>= 1) {
      if (grow((long) size * pageBytes)) {
        return true;
      }
    }
    return false;
  }

  private boolean grow(long bytes) {
    if (!ledger.promise(bytes)) {
      return false;
    }
    long got = BackedSpans.NONE;
    try {
      got = spans.allocate(bytes, pageBytes);
    } finally {
      if (got == BackedSpans.NONE) {
        ledger.cancel(bytes);
      }
    }
    return got != BackedSpans.NONE && admit(got, bytes);
  }

  private boolean admit(long address, long bytes) {
    boolean done = false;
    ledger.imported(bytes);
    try {
      regions.ensure(address, bytes, true);
      attach(address, (int) (bytes / pageBytes));
      done = true;
    } finally {
      if (!done) { // the host's memory is exhausted
        spans.release(address, bytes);
        ledger.released(bytes);
      }
    }
    return true;
  }

  private void attach(long address, int size) {
    lock.enter();
    try {
      int extent = unusedIndex();
      base[extent] = address;
      pages[extent] = size;
      left[extent] = size;
      markFree(extent, size);
      regions.extent(address, (long) size * pageBytes, extent);
      count++;
      imports++;
      attachLocked(extent);
    } finally {
      lock.leave();
    }
  }

  private void markFree(int extent, int size) {
    for (int word = 0; word < words; word++) {
      free[extent * words + word] = RunBits.first(size - (word << 6));
    }
  }

  private void attachLocked(int extent) {
    freePages += left[extent];
    lists.move(extent, WHOLE);
  }

  private int unusedIndex() {
    int extent = lists.head(SPARE);
    if (extent != NONE) {
      lists.move(extent, ASIDE);
      return extent;
    }
    if (top == base.length) {
      expand(Math.max(8, 2 * top));
    }
    lists.link(top, ASIDE);
    return top++;
  }

  /* The host's memory may end at any of these; what was copied before then does no harm. */
  private void expand(int capacity) {
    lists.expand(capacity);
    free = Arrays.copyOf(free, capacity * words);
    pages = Arrays.copyOf(pages, capacity);
    left = Arrays.copyOf(left, capacity);
    base = Arrays.copyOf(base, capacity); // last: its length is the capacity
  }

  /** Sends a detached extent home; it stays if the tier below throws. */
  private long release(int extent) {
    long address;
    long bytes;
    lock.enter();
    try {
      address = base[extent];
      bytes = (long) pages[extent] * pageBytes;
    } finally {
      lock.leave();
    }
    boolean done = false;
    try {
      spans.release(address, bytes);
      ledger.released(bytes);
      done = true;
      return bytes;
    } finally {
      settle(extent, done);
    }
  }

  private void settle(int extent, boolean gone) {
    lock.enter();
    try {
      if (gone) {
        lists.move(extent, SPARE);
        count--;
        releases++;
      } else {
        attachLocked(extent);
      }
    } finally {
      lock.leave();
    }
  }

  /**
   * Sends whole extents home as long as at least so many bytes stay free.
   *
   * @return the number of bytes that went home
   */
  long trim(long keep) {
    long sum = 0;
    for (int extent = spareWhole(keep); extent != NONE; extent = spareWhole(keep)) {
      sum += release(extent);
    }
    return sum;
  }

  private int spareWhole(long keep) {
    lock.enter();
    try {
      return spareLocked(keep);
    } finally {
      lock.leave();
    }
  }

  private int spareLocked(long least) {
    int extent = lists.head(WHOLE);
    if (extent == NONE || (freePages - pages[extent]) * pageBytes < least) {
      return NONE;
    }
    lists.move(extent, ASIDE);
    freePages -= left[extent];
    return extent;
  }

  /** Says how many bytes are to stay free when whole extents go home. */
  void keep(long bytes) {
    keep = bytes;
  }

  private int listFor(int extent) {
    if (left[extent] == pages[extent]) {
      return WHOLE;
    }
    int order = left[extent] == 0 ? FULL : MOST_ORDER;
    while (order != FULL && order > 0 && !hasRun(extent, order)) {
      order--;
    }
    return order;
  }

  private boolean hasRun(int extent, int order) {
    for (int word = extent * words; word < (extent + 1) * words; word++) {
      if ((RunBits.runs(free[word], 1 << order) & RunBits.starts(order)) != 0) {
        return true;
      }
    }
    return false;
  }

  // ------------------------------------------------------------------------- figures and checks

  int count() {
    return count;
  }

  int wholes() {
    return lists.size(WHOLE);
  }

  boolean isHeld(int extent) {
    return lists.of(extent) != SPARE;
  }

  long freeBytes() {
    return freePages * pageBytes;
  }

  long imports() {
    return imports;
  }

  long releases() {
    return releases;
  }

  int top() {
    return top;
  }

  int expectedList(int extent) {
    return listFor(extent);
  }

  IndexLists lists() {
    return lists;
  }

  long base(int extent) {
    return base[extent];
  }

  int pages(int extent) {
    return pages[extent];
  }

  int left(int extent) {
    return left[extent];
  }

  boolean isFree(int extent, int page) {
    return (free[extent * words + (page >>> 6)] & (1L << page)) != 0;
  }
}
