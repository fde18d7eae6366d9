package heap.dl;

import allocator.api.Settings;
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
import java.util.function.Supplier;

/** Plain memory to stand a heap on: pages in one window, lowest fit, with faults on demand. */
final class Ground implements HeapContext, BackedSpans {
  static final int PAGE = 4096;
  static final byte STALE = (byte) 0xDB;

  final long base;
  final DirectWindow memory;

  /** How many more imports succeed. */
  long importsLeft = Long.MAX_VALUE;

  /** Imports asked for so far. */
  long importCalls;

  /** Pages left free below each new span, so that spans do not touch. */
  int gap;

  /** Calls of allocate, extend and release that go well until some fail. */
  long callsToFailure = Long.MAX_VALUE;

  /** How many calls fail then. */
  long failing;

  /** What they fail with. */
  Supplier<RuntimeException> failure = () -> new TierVacantException("nobody is there");

  /** Calls of allocate, extend and release so far. */
  long calls;

  /** What it says its pages have. */
  int pageBytes = PAGE;

  /** Whether spans are taken from the top of the window downward. */
  boolean downward;

  private final BitSet taken = new BitSet();
  private final int pages;

  Ground(long bytes) {
    this(0xffff_8000_0000_0000L, bytes);
  }

  Ground(long base, long bytes) {
    this.base = base;
    this.pages = (int) (bytes / PAGE);
    MemorySegment host = Arena.ofAuto().allocate(bytes + DirectWindow.SLACK, PAGE);
    this.memory = new DirectWindow(base, bytes, host);
  }

  DlHeap heap(String... keysAndValues) {
    return new DlHeap(this, settings(keysAndValues));
  }

  static Settings settings(String... keysAndValues) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i + 1 < keysAndValues.length; i += 2) {
      values.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return new Settings("heap.dl", values);
  }

  /** {@return the same ground as a successor sees it: through other objects} */
  HeapContext successor() {
    return new Successor(this, new Passage(this));
  }

  synchronized long takenBytes() {
    return (long) taken.cardinality() * PAGE;
  }

  /** Takes pages away from the heap. */
  void occupy(long address, long bytes) {
    taken.set(page(address), page(address + bytes));
  }

  private int page(long address) {
    return (int) ((address - base) / PAGE);
  }

  private boolean free(int first, int count) {
    int next = taken.nextSetBit(first);
    return first >= 0 && first + count <= pages && (next < 0 || next >= first + count);
  }

  private void take(int first, int count) {
    taken.set(first, first + count);
    memory.fill(base + (long) first * PAGE, (long) count * PAGE, (byte) 0);
  }

  private void call() {
    calls++;
    if (--callsToFailure < 0 && callsToFailure >= -failing) {
      throw failure.get();
    }
  }

  private boolean admits() {
    importCalls++;
    return importsLeft-- > 0;
  }

  @Override
  public int cpus() {
    return 2;
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
    return pageBytes;
  }

  @Override
  public boolean zeroed() {
    return true;
  }

  @Override
  public synchronized long allocate(long bytes, long align) {
    call();
    if (bytes % PAGE != 0 || align % PAGE != 0) {
      throw new IllegalArgumentException(bytes + " bytes, align " + align);
    }
    if (!admits() || bytes > (long) pages * PAGE) {
      return NONE;
    }
    int count = (int) (bytes / PAGE);
    int step = (int) (align / PAGE);
    int last = (pages - count) / step * step;
    for (int i = 0; i <= last; i += step) {
      int first = downward ? last - i : i;
      if (free(Math.max(0, first - gap), count + Math.min(gap, first))) {
        take(first, count);
        return base + (long) first * PAGE;
      }
    }
    return NONE;
  }

  @Override
  public synchronized boolean extend(long end, long bytes) {
    call();
    if (bytes % PAGE != 0 || end % PAGE != 0) {
      throw new IllegalArgumentException(bytes + " bytes at " + end);
    }
    if (!admits() || bytes > (long) pages * PAGE || !free(page(end), (int) (bytes / PAGE))) {
      return false;
    }
    take(page(end), (int) (bytes / PAGE));
    return true;
  }

  @Override
  public synchronized void release(long address, long bytes) {
    call();
    int first = page(address);
    int count = (int) (bytes / PAGE);
    if (taken.nextClearBit(first) < first + count || address % PAGE != 0 || bytes % PAGE != 0) {
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

  /** Another's context over the same ground. */
  private record Successor(Ground ground, BackedSpans spans) implements HeapContext {
    @Override
    public int cpus() {
      return ground.cpus();
    }

    @Override
    public Window window() {
      return ground.memory;
    }

    @Override
    public MemorySegment reserveMetadata(long bytes) {
      return ground.reserveMetadata(bytes);
    }
  }

  /** Passes every call on. */
  private record Passage(Ground ground) implements BackedSpans {
    @Override
    public int pageBytes() {
      return ground.pageBytes();
    }

    @Override
    public boolean zeroed() {
      return ground.zeroed();
    }

    @Override
    public synchronized long allocate(long bytes, long align) {
      return ground.allocate(bytes, align);
    }

    @Override
    public synchronized boolean extend(long end, long bytes) {
      return ground.extend(end, bytes);
    }

    @Override
    public synchronized void release(long address, long bytes) {
      ground.release(address, bytes);
    }

    @Override
    public void depopulate(long address, long bytes) {
      ground.depopulate(address, bytes);
    }

    @Override
    public boolean populate(long address, long bytes) {
      return ground.populate(address, bytes);
    }

    @Override
    public long reserve(long bytes, long align) {
      return ground.reserve(bytes, align);
    }
  }

  /** Sizes of so many equal blocks. */
  static long[] equal(long bytes, int count) {
    long[] sizes = new long[count];
    java.util.Arrays.fill(sizes, bytes);
    return sizes;
  }
}
