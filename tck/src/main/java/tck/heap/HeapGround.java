package tck.heap;

import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import allocator.api.TierVacantException;
import hardware.api.DirectWindow;
import hardware.api.Window;
import heap.api.BackedSpans;
import heap.api.HeapContext;
import heap.api.HeapEngine;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.concurrent.ArrayBlockingQueue;
import tck.Broken;

/**
 * Plain memory to stand a heap on: pages in one window, lowest fit, with refusals and exceptions on
 * demand. Safe for use by several threads.
 */
public class HeapGround implements HeapContext, BackedSpans, AutoCloseable {
  private static final int MOST_SPARE = 4;
  private static final ArrayBlockingQueue<MemorySegment> SPARE =
      new ArrayBlockingQueue<>(MOST_SPARE); // of grounds that were closed
  private static final int USUAL_PAGE = 4096;
  private static final byte STALE = (byte) 0xDB;

  /** The lowest address. */
  public final long base;

  /** All of the memory. */
  public final DirectWindow memory;

  /** Number of CPUs. */
  public final int cpus;

  /** Bytes of a page. */
  public final int page;

  /** How many more imports succeed. */
  public long importsLeft = Long.MAX_VALUE;

  /** How many pages can have frames at once. */
  public int frames = Integer.MAX_VALUE;

  /** Whether imports throw as a vacant tier does. */
  public boolean vacant;

  /** Whether releases throw so. */
  public boolean releaseThrows;

  /** How a call to below fails. */
  public enum Failure {
    /** Nothing is to be had; a release, which cannot be refused, succeeds. */
    REFUSED,
    /** The tier below has no provider. */
    VACANT,
    /** The tier below is broken. */
    BROKEN
  }

  /** Which call from now on fails, 1 for the next one; 0 for none. */
  public long failIn;

  /** How it fails. */
  public Failure failure = Failure.REFUSED;

  /** Calls so far of all kinds. */
  public long calls;

  /** Imports asked for so far. */
  public long importCalls;

  /** Releases so far. */
  public long releaseCalls;

  private final BitSet taken = new BitSet(); // pages whose addresses are held
  private final BitSet backed = new BitSet(); // pages with frames
  private final int pages;
  private final MemorySegment host;

  /**
   * Makes memory with pages of 4 KiB.
   *
   * @param bytes how much
   * @param cpus number of CPUs
   */
  public HeapGround(long bytes, int cpus) {
    this(bytes, cpus, USUAL_PAGE);
  }

  /**
   * Makes memory.
   *
   * @param bytes how much
   * @param cpus number of CPUs
   * @param page bytes of a page
   */
  public HeapGround(long bytes, int cpus, int page) {
    this.page = page;
    this.base = 0xffff_8000_0000_0000L;
    this.pages = (int) (bytes / page);
    this.cpus = cpus;
    this.host = host(bytes + DirectWindow.SLACK, page);
    this.memory = new DirectWindow(base, bytes, host);
  }

  // Pages are cleared when they get frames, so it need not be fresh.
  private static MemorySegment host(long bytes, long align) {
    MemorySegment spare = SPARE.poll();
    return spare != null && spare.byteSize() == bytes && spare.address() % align == 0
        ? spare
        : Arena.ofAuto().allocate(bytes, align);
  }

  /** Keeps the memory for another ground; called once, when nothing uses this one any more. */
  @Override
  public void close() {
    boolean ignored = SPARE.offer(host); // else it is garbage
  }

  /**
   * {@return the figure of that name}
   *
   * @param heap a heap that states it
   * @param name the name of the figure
   */
  public static long statistic(HeapEngine heap, String name) {
    return heap.statistics().stream()
        .filter(figure -> figure.name().equals(name))
        .mapToLong(Statistic::value)
        .findAny()
        .orElseThrow(() -> new AssertionError("no statistic " + name));
  }

  /** {@return the bytes with frames} */
  public synchronized long backedBytes() {
    return (long) backed.cardinality() * page;
  }

  /** {@return the bytes of addresses that are held, with or without frames} */
  public synchronized long takenBytes() {
    return (long) taken.cardinality() * page;
  }

  /**
   * {@return whether the page of an address is held}
   *
   * @param address an address of this memory
   */
  public synchronized boolean isTaken(long address) {
    return taken.get(page(address));
  }

  /**
   * {@return whether the page of an address has a frame}
   *
   * @param address an address of this memory
   */
  public synchronized boolean isBacked(long address) {
    return backed.get(page(address));
  }

  /**
   * Shows the runs of pages that have frames, in rising order.
   *
   * @param visitor receives base and size in bytes, and 0
   */
  public synchronized void forEachBacked(RangeVisitor visitor) {
    for (int first = backed.nextSetBit(0); first >= 0; ) {
      int end = backed.nextClearBit(first);
      if (!visitor.visit(base + (long) first * page, (long) (end - first) * page, 0)) {
        return;
      }
      first = backed.nextSetBit(end);
    }
  }

  /** Gives addresses without frames back, as the kernel does for a heap that was taken over. */
  public synchronized void releaseUnbacked() {
    taken.and(backed);
  }

  /**
   * Takes pages away from the heap, or gives them back.
   *
   * @param address the first address
   * @param bytes the length, whole pages
   * @param now true if somebody else has them from now on
   */
  public synchronized void occupy(long address, long bytes, boolean now) {
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
    back(first, count);
  }

  private void back(int first, int count) {
    backed.set(first, first + count);
    memory.fill(base + (long) first * page, (long) count * page, (byte) 0);
  }

  // Whether this is the call that is refused.
  private boolean fails() {
    calls++;
    if (failIn == 0 || --failIn > 0) {
      return false;
    }
    return switch (failure) {
      case REFUSED -> true;
      case VACANT -> throw new TierVacantException("nobody serves the tier below");
      case BROKEN -> throw new IllegalStateException("the tier below is broken");
    };
  }

  private boolean admits() {
    importCalls++;
    if (fails()) {
      return false;
    }
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
    int first = find(bytes, align);
    if (first < 0) {
      return NONE;
    }
    take(first, (int) (bytes / page));
    return base + (long) first * page;
  }

  @Override
  public synchronized long reserve(long bytes, long align) {
    int first = find(bytes, align);
    if (first < 0) {
      return NONE;
    }
    taken.set(first, first + (int) (bytes / page));
    return base + (long) first * page;
  }

  private int find(long bytes, long align) {
    if (bytes % page != 0 || align % page != 0) {
      throw new Broken("heap.27", "asked below for %d bytes aligned to %d".formatted(bytes, align));
    }
    if (!admits() || bytes > (long) pages * page) {
      return -1;
    }
    int count = (int) (bytes / page);
    int step = (int) (align / page);
    int first = 0;
    while (first + count <= pages && !free(first, count)) {
      int at = taken.nextClearBit(taken.nextSetBit(first)); // past what is in the way
      first = (at + step - 1) / step * step;
    }
    return first + count > pages ? -1 : first;
  }

  @Override
  public synchronized boolean extend(long end, long bytes) {
    if (bytes % page != 0 || end % page != 0) {
      throw new Broken("heap.27", "asked below for %d bytes at 0x%x".formatted(bytes, end));
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
    boolean ignored = fails(); // a release cannot be refused
    assert !ignored || failure == Failure.REFUSED;
    if (releaseThrows) {
      throw new TierVacantException("nobody serves vmem");
    }
    if (taken.nextClearBit(first) < first + count || address % page != 0 || bytes % page != 0) {
      throw new Broken("heap.27", "released 0x%x + %d was not held".formatted(address, bytes));
    }
    taken.clear(first, first + count);
    backed.clear(first, first + count);
    memory.fill(address, bytes, STALE);
  }

  @Override
  public synchronized void depopulate(long address, long bytes) {
    int first = page(address);
    int count = (int) (bytes / page);
    releaseCalls++;
    boolean ignored = fails(); // a release cannot be refused
    assert !ignored || failure == Failure.REFUSED;
    if (releaseThrows) {
      throw new TierVacantException("nobody serves physmem");
    }
    if (backed.nextClearBit(first) < first + count || address % page != 0 || bytes % page != 0) {
      throw new Broken("heap.27", "0x%x + %d has no frames".formatted(address, bytes));
    }
    backed.clear(first, first + count);
    memory.fill(address, bytes, STALE);
  }

  @Override
  public synchronized boolean populate(long address, long bytes) {
    int first = page(address);
    int count = (int) (bytes / page);
    int next = backed.nextSetBit(first);
    boolean reserved = taken.nextClearBit(first) >= first + count;
    if (!reserved || (next >= 0 && next < first + count)) {
      throw new Broken("heap.27", "0x%x + %d is not reserved".formatted(address, bytes));
    }
    if (!admits() || backed.cardinality() > frames - count) {
      return false;
    }
    back(first, count);
    return true;
  }
}
