package ${package};

import allocator.api.TierVacantException;
import hardware.api.DirectWindow;
import hardware.api.Window;
import heap.api.BackedSpans;
import heap.api.HeapContext;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;

/** What the kernel would supply: pages in one window, lowest fit, and refusals on demand. */
final class Ground implements HeapContext, BackedSpans {
  static final int PAGE = 4096;
  static final long BASE = 0xffff_8000_0000_0000L;

  final DirectWindow memory;

  /** How many more imports succeed. */
  long importsLeft = Long.MAX_VALUE;

  /** Whether releases throw as a vacant tier below does. */
  boolean releaseThrows;

  private final int pages;
  private final BitSet taken = new BitSet();

  Ground(long bytes) {
    pages = (int) (bytes / PAGE);
    memory = new DirectWindow(BASE, bytes, Arena.ofAuto().allocate(bytes + DirectWindow.SLACK));
  }

  synchronized long takenBytes() {
    return (long) taken.cardinality() * PAGE;
  }

  @Override
  public int cpus() {
    return 4;
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
    return PAGE;
  }

  @Override
  public boolean zeroed() {
    return false;
  }

  @Override
  public synchronized long allocate(long bytes, long align) {
    int count = (int) Math.min(bytes / PAGE, pages + 1);
    int step = (int) (align / PAGE);
    if (importsLeft <= 0) {
      return NONE;
    }
    for (int first = 0; first + count <= pages; first += step) {
      if (isFree(first, count)) {
        importsLeft--;
        return take(first, count);
      }
    }
    return NONE;
  }

  private boolean isFree(int first, int count) {
    int next = taken.nextSetBit(first);
    return next < 0 || next >= first + count;
  }

  private long take(int first, int count) {
    taken.set(first, first + count);
    long base = BASE + (long) first * PAGE;
    memory.fill(base, (long) count * PAGE, (byte) 0xDB);
    return base;
  }

  @Override
  public synchronized boolean extend(long end, long bytes) {
    int first = page(end);
    int count = (int) (bytes / PAGE);
    if (first + count > pages || !isFree(first, count)) {
      return false;
    }
    take(first, count);
    return true;
  }

  @Override
  public synchronized void release(long address, long bytes) {
    if (releaseThrows) {
      throw new TierVacantException("nobody serves vmem");
    }
    int first = page(address);
    int end = page(address + bytes);
    if (taken.nextClearBit(first) < end) {
      throw new AssertionError("0x%x + 0x%x was not imported".formatted(address, bytes));
    }
    taken.clear(first, end);
    memory.fill(address, bytes, (byte) 0x5A); // whoever still looks at it shall notice
  }

  private static int page(long address) {
    return (int) ((address - BASE) / PAGE);
  }

  @Override
  public void depopulate(long address, long bytes) {
    throw new UnsupportedOperationException("this heap does not ask for it");
  }

  @Override
  public boolean populate(long address, long bytes) {
    throw new UnsupportedOperationException("this heap does not ask for it");
  }

  @Override
  public long reserve(long bytes, long align) {
    throw new UnsupportedOperationException("this heap does not ask for it");
  }
}
