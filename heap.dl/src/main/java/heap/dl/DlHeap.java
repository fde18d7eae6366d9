package heap.dl;

import allocator.api.Explanation;
import allocator.api.LayoutState;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Settings;
import allocator.api.Statistic;
import allocator.api.TransferForm;
import hardware.api.PageFault;
import hardware.api.Window;
import heap.api.ExplainingEngine;
import heap.api.HeapContext;
import heap.api.HeapRequest;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A heap after dlmalloc 2.8.6 by Doug Lea: one space of chunks with boundary tags in simulated
 * memory. Blocks are aligned to 16 bytes. Safe for use by several threads, one at a time inside,
 * unless the setting {@code lock} is off.
 */
public final class DlHeap implements ExplainingEngine {
  /** What this heap is modelled on. */
  static final String MODEL = "dlmalloc 2.8.6";

  /*
   * Makes each heap's footer its own. It begins anywhere, as the original's does, because another
   * version of this class counts for itself, and its heaps may still have blocks in this memory.
   */
  private static final AtomicLong SEQUENCE = new AtomicLong(System.nanoTime());

  private final DlSpace space;
  private final Window window;
  private final Freeing freeing;
  private final Resize resize;
  private final Aligned aligned;
  private final Groups groups;
  private final Inspect inspect;
  private final Figures figures;
  private final Reports reports;
  private final Layout layout;
  private final SpaceLock lock;

  /**
   * Opens a heap that holds nothing yet.
   *
   * @param context spans, memory and CPUs
   * @param settings granularity, trim.threshold, mmap.threshold, footprint.limit, contiguous,
   *     footers, release.checks, mode, capacity, lock
   * @throws allocator.api.BadSettingException if a setting is not accepted
   */
  public DlHeap(HeapContext context, Settings settings) {
    DlSettings parsed = DlSettings.parse(settings, context.spans().pageBytes());
    this.window = context.window();
    this.space = new DlSpace(window, context.spans(), parsed, footer());
    this.freeing = space.freeing;
    this.resize = new Resize(space);
    this.aligned = new Aligned(space);
    this.groups = new Groups(space);
    this.inspect = new Inspect(space);
    this.figures = new Figures(space, inspect);
    this.reports = new Reports(space, inspect, figures);
    this.layout = new Layout(space);
    this.lock = new SpaceLock(parsed.lock());
  }

  private static long footer() {
    long mark = (SEQUENCE.incrementAndGet() * 0x9E3779B97F4A7C15L) ^ 0x5555_5555_5555_5555L;
    return mark | 8; // bit 3 is set in no size and in no head, so a footer is never taken for one
  }

  @Override
  public Explanation explain(HeapRequest request) {
    lock.enter();
    try {
      return Explain.of(space, request);
    } catch (PageFault e) {
      throw foreign(request.address(), e);
    } finally {
      lock.leave();
    }
  }

  @Override
  public String model() {
    return MODEL;
  }

  @Override
  public int alignment() {
    return (int) Chunk.ALIGN;
  }

  // ---------------------------------------------------------------------------------------- hot

  @Override
  public long allocate(int cpu, long bytes) {
    requireSize(bytes);
    lock.enter();
    try {
      return space.allocate(bytes);
    } finally {
      lock.leave();
    }
  }

  @Override
  public long allocateZeroed(int cpu, long bytes) {
    requireSize(bytes);
    lock.enter();
    try {
      long mem = space.allocate(bytes);
      if (mem != 0 && !(space.spans.zeroed() && Chunk.direct(window, mem - Chunk.MEM))) {
        window.fill(mem, bytes, (byte) 0);
      }
      return mem;
    } finally {
      lock.leave();
    }
  }

  @Override
  public long allocateAligned(int cpu, long align, long bytes) {
    requireSize(bytes);
    if (Long.bitCount(align) != 1 || align < 0) {
      throw new IllegalArgumentException("alignment " + align + " is not a power of two");
    }
    lock.enter();
    try {
      return aligned.allocate(align, bytes);
    } finally {
      lock.leave();
    }
  }

  @Override
  public long resize(int cpu, long address, long bytes) {
    requireSize(bytes);
    lock.enter();
    try {
      return resize.resize(address, bytes);
    } catch (PageFault e) {
      throw foreign(address, e);
    } finally {
      lock.leave();
    }
  }

  @Override
  public boolean resizeInPlace(int cpu, long address, long bytes) {
    requireSize(bytes);
    lock.enter();
    try {
      return resize.inPlace(address, bytes);
    } catch (PageFault e) {
      throw foreign(address, e);
    } finally {
      lock.leave();
    }
  }

  @Override
  public void free(int cpu, long address) {
    lock.enter();
    try {
      freeing.free(address);
    } catch (PageFault e) {
      throw foreign(address, e);
    } finally {
      lock.leave();
    }
  }

  @Override
  public void freeSized(int cpu, long address, long bytes) {
    requireSize(bytes);
    lock.enter();
    try {
      long usable = freeing.usable(freeing.liveHead(address));
      if (bytes > usable) {
        throw Faults.tooLong(address, bytes, usable);
      }
      freeing.free(address);
    } catch (PageFault e) {
      throw foreign(address, e);
    } finally {
      lock.leave();
    }
  }

  @Override
  public void freeBulk(int cpu, long[] addresses, int from, int count) {
    java.util.Objects.checkFromIndexSize(from, count, addresses.length);
    lock.enter();
    try {
      groups.free(addresses, from, count);
    } finally {
      lock.leave();
    }
  }

  @Override
  public long usableSize(long address) {
    lock.enter();
    try {
      return freeing.usableSize(address);
    } catch (PageFault e) {
      throw foreign(address, e);
    } finally {
      lock.leave();
    }
  }

  private static void requireSize(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("size " + bytes + " is negative");
    }
  }

  /** A fault of the counted memory path while an address that nobody holds was looked at. */
  private RuntimeException foreign(long address, PageFault fault) {
    if (space.covers(address - Chunk.MEM)) {
      return fault;
    }
    MisuseException misuse =
        new MisuseException("0x%x is no live block: nothing is mapped there".formatted(address));
    misuse.initCause(fault);
    return misuse;
  }

  // ------------------------------------------------------------------------------------- groups

  /**
   * Allocates blocks side by side: equal zeroed ones as {@code independent_calloc}, others as
   * {@code independent_comalloc}.
   */
  @Override
  public boolean allocateAll(int cpu, long[] sizes, boolean zeroed, long[] into) {
    if (sizes.length != into.length) {
      throw new IllegalArgumentException(
          sizes.length + " sizes, but room for " + into.length + " addresses");
    }
    for (long size : sizes) {
      requireSize(size);
    }
    Arrays.fill(into, NULL);
    lock.enter();
    try {
      return groups.allocate(sizes, zeroed, into);
    } finally {
      lock.leave();
    }
  }

  // --------------------------------------------------------------------------------------- cold

  @Override
  public long trim(long keep) {
    requireSize(keep);
    lock.enter();
    try {
      return space.trim.trim(keep);
    } finally {
      lock.leave();
    }
  }

  @Override
  public long footprint() {
    return space.growth.footprint;
  }

  @Override
  public long peakFootprint() {
    return space.growth.peak;
  }

  @Override
  public long footprintLimit() {
    return space.growth.limit;
  }

  @Override
  public void footprintLimit(long bytes) {
    requireSize(bytes);
    space.growth.limit = bytes;
  }

  @Override
  public void walk(RangeVisitor visitor) {
    inspect.live(visitor);
  }

  /**
   * Shows every chunk of every segment, in use or free, but top; modelled on {@code
   * malloc_inspect_all}.
   *
   * @param visitor receives the chunk's address and size, and 1 if it is in use, else 0
   */
  public void inspectAll(RangeVisitor visitor) {
    inspect.chunks(visitor);
  }

  @Override
  public void managed(RangeVisitor visitor) {
    inspect.held((base, size, flags) -> visitor.visit(base, size, 0));
  }

  @Override
  public long checkInvariants() {
    return new Invariants(space).check();
  }

  @Override
  public List<Statistic> statistics() {
    lock.enter();
    try {
      return figures.all();
    } finally {
      lock.leave();
    }
  }

  @Override
  public List<String> reports() {
    return Reports.NAMES;
  }

  @Override
  public List<String> report(String name) {
    if (!Reports.NAMES.contains(name)) {
      return ExplainingEngine.super.report(name);
    }
    lock.enter();
    try {
      return reports.lines(name);
    } finally {
      lock.leave();
    }
  }

  // ----------------------------------------------------------------------------------- hand-over

  @Override
  public List<TransferForm> exportForms() {
    return List.of(Layout.FORM);
  }

  @Override
  public List<TransferForm> importForms() {
    return List.of(Layout.FORM);
  }

  @Override
  public LayoutState exportState(TransferForm form) {
    return form.equals(Layout.FORM) ? layout.export() : ExplainingEngine.super.exportState(form);
  }

  @Override
  public void handedOver() {
    layout.forget();
  }

  @Override
  public void adopt(LayoutState state) {
    layout.adopt(state);
  }

  /** Nothing is held outside of simulated memory and this object. */
  @Override
  public void close() {}
}
