package heap.arena;

import allocator.api.Statistic;
import allocator.api.TierVacantException;
import hardware.api.DirectWindow;
import hardware.api.Window;
import heap.api.BackedSpans;
import heap.api.HeapContext;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Plain memory to stand a heap on: pages in one window, lowest fit, with refusals and exceptions on
 * demand. Safe for use by several threads.
 */
final class Ground implements HeapContext, BackedSpans {
  private static final int USUAL_PAGE = 4096;
  static final byte STALE = (byte) 0xDB;

  final long base;
  final DirectWindow memory;
  final int cpus;
  final int page;

  /** How many more imports succeed. */
  long importsLeft = Long.MAX_VALUE;

  /** Whether imports, and whether releases, throw as a vacant tier does. */
  boolean vacant;

  boolean releaseThrows;

  /** Imports asked for so far, and releases. */
  long importCalls;

  long releaseCalls;

  private final BitSet taken = new BitSet();
  private final int pages;

  Ground(long bytes) {
    this(bytes, 2);
  }

  Ground(long bytes, int cpus) {
    this(bytes, cpus, USUAL_PAGE);
  }

  Ground(long bytes, int cpus, int page) {
    this.page = page;
    this.base = 0xffff_8000_0000_0000L;
    this.pages = (int) (bytes / page);
    this.cpus = cpus;
    MemorySegment host = Arena.ofAuto().allocate(bytes + DirectWindow.SLACK, page);
    this.memory = new DirectWindow(base, bytes, host);
  }

  ArenaHeap heap(String... keysAndValues) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return new ArenaHeap(this, new allocator.api.Settings("heap.arena", values));
  }

  static long statistic(ArenaHeap heap, String name) {
    return heap.statistics().stream()
        .filter(figure -> figure.name().equals(name))
        .mapToLong(Statistic::value)
        .findAny()
        .orElseThrow(() -> new AssertionError("no statistic " + name));
  }

  synchronized long takenBytes() {
    return (long) taken.cardinality() * page;
  }

  /** Takes pages away from the heap, or gives them back. */
  synchronized void occupy(long address, long bytes, boolean now) {
    taken.set(page(address), page(address + bytes), now);
  }

  private int page(long address) {
    return (int) ((address - base) / page);
  }

  private boolean free(int first, int count) {
    int next = taken.nextSetBit(first);
    return first >= 0 && first + count <= pages && (next < 0 || next >= first + count);
  }

  private void take(int first, int count) {
    taken.set(first, first + count);
    memory.fill(base + (long) first * page, (long) count * page, (byte) 0);
  }

  private boolean admits() {
    importCalls++;
    if (vacant) {
      throw new TierVacantException("nobody serves vmem");
    }
    return importsLeft-- > 0;
  }

  @Override
  public int cpus() {
    return cpus;
  }

  @Override
  public BackedSpans spans() {
    return this;
  }

  @Override
  public Window window() {
    return memory;
  }

  @Override
  public MemorySegment reserveMetadata(long bytes) {
    return Arena.ofAuto().allocate(bytes);
  }

  @Override
  public int pageBytes() {
    return page;
  }

  @Override
  public boolean zeroed() {
    return true;
  }

  @Override
  public synchronized long allocate(long bytes, long align) {
    if (bytes % page != 0 || align % page != 0) {
      throw new IllegalArgumentException(bytes + " bytes, align " + align);
    }
    if (!admits() || bytes > (long) pages * page) {
      return NONE;
    }
    int count = (int) (bytes / page);
    int step = (int) (align / page);
    int first = 0;
    while (first + count <= pages && !free(first, count)) {
      int at = taken.nextClearBit(taken.nextSetBit(first)); // past what is in the way
      first = (at + step - 1) / step * step;
    }
    if (first + count > pages) {
      return NONE;
    }
    take(first, count);
    return base + (long) first * page;
  }

  @Override
  public synchronized boolean extend(long end, long bytes) {
    if (bytes % page != 0 || end % page != 0) {
      throw new IllegalArgumentException(bytes + " bytes at " + end);
    }
    if (!admits() || bytes > (long) pages * page || !free(page(end), (int) (bytes / page))) {
      return false;
    }
    take(page(end), (int) (bytes / page));
    return true;
  }

  @Override
  public synchronized void release(long address, long bytes) {
    int first = page(address);
    int count = (int) (bytes / page);
    releaseCalls++;
    if (releaseThrows) {
      throw new TierVacantException("nobody serves vmem");
    }
    if (taken.nextClearBit(first) < first + count || address % page != 0 || bytes % page != 0) {
      throw new IllegalStateException("released 0x%x + %d was not held".formatted(address, bytes));
    }
    taken.clear(first, first + count);
    memory.fill(address, bytes, STALE);
  }

  @Override
  public void depopulate(long address, long bytes) {
    throw new UnsupportedOperationException("not used by this heap");
  }

  @Override
  public boolean populate(long address, long bytes) {
    throw new UnsupportedOperationException("not used by this heap");
  }

  @Override
  public long reserve(long bytes, long align) {
    throw new UnsupportedOperationException("not used by this heap");
  }
}
