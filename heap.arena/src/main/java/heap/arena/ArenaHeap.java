package heap.arena;

import allocator.api.Estate;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Settings;
import allocator.api.Statistic;
import allocator.api.TransferRefusedException;
import allocator.arena.Arena;
import allocator.arena.ArenaShape;
import allocator.arena.Constraints;
import allocator.arena.Fit;
import allocator.arena.LiveRanges;
import hardware.api.Window;
import heap.api.HeapContext;
import heap.api.HeapEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A heap as an arena of integers: the engine of {@code allocator.arena} behind the heap tier's
 * interface. Safe for use by several threads, also with the same CPU index.
 */
public final class ArenaHeap implements HeapEngine {
  /*
   * HEAP BYTES AS AN ARENA OF INTEGERS
   *
   * 1. The question
   *
   *    Is malloc anything but an allocator of integers? The engine that serves addresses serves heap
   *    bytes here, unchanged: a block is a range, a span imported from below is a span imported from
   *    below, and the quantum is 16 bytes. Nothing is written into the heap's memory, neither headers
   *    nor lists: whatever a client overwrites, the allocator goes on.
   *
   * 2. What maps by itself
   *
   *    allocate           allocate, from a quantum cache up to 256 bytes
   *    allocateAligned    allocate within constraints
   *    growth, trimming   the import function: spans come with the first block and go with the last
   *    footprint          the sum of the spans
   *    double free, foreign and interior addresses   the table of live segments
   *
   * 3. What had to be added
   *
   *    Sizes        an arena's client says the size when it frees; free(address) does not. The tag
   *                 has it, so the engine frees by base alone (LiveRanges.free), at the price of one
   *                 more look at the tag.
   *    Resizing     LiveRanges.resize moves the boundary between a block and the free segment behind.
   *    Rounding     an arena remembers the exact size, and its caches serve exact multiples of the
   *                 quantum; so requests are rounded up to 16 bytes first, and a size of 0 to 16.
   *    Hysteresis   an arena returns a span with its last block, and a heap that goes back and forth
   *                 over a span's edge would call the tier below each time. HeapSource keeps some.
   *    Limits       the footprint's account and its limit are the source's.
   *    Contents     zeroing and copying: an arena does not know that its integers are memory.
   *
   * 4. What it gives that others do not
   *
   *    Since a block is what its address and size say and nothing else, this heap can represent every
   *    block of any other whose blocks are multiples of 16: a swap to it rebuilds where others have to
   *    let the predecessor's blocks lodge. A block taken over has the note TAKEN: its size is what the
   *    predecessor called usable, and a sized free may name less.
   *
   * 5. What it costs
   *
   *    40 bytes of tag for each block and each hole, and 4 to 8 in the table: more than a small block
   *    itself, and the tag is a cache miss that a header beside the block is not. docs/one-engine.md
   *    has figures beside heap.dl and heap.slab.
   *
   * 6. What was not done, and why
   *
   *    Spans that adjoin are not joined, and a span is not extended in place: an arena's span goes as
   *    it came. Free pages inside a span that is in use stay. allocateZeroed clears even what is
   *    fresh, since an arena does not know which part of a span was ever used. Caches of objects are
   *    the slot's: blocks constructed at each allocation.
   *
   * References: see allocator.arena.Arena.
   */

  /** What this heap is modelled on. */
  static final String MODEL = "Bonwick vmem (illumos, libumem) over heap bytes";

  /** The note of a block that was taken over from a predecessor. */
  static final int TAKEN = 1;

  private static final long Q = HeapSettings.QUANTUM;
  private static final long LARGEST = 1L << 46; // bytes; no machine here has more addresses
  private static final Constraints[] ALIGNED =
      IntStream.range(0, Long.SIZE - 1)
          .mapToObj(shift -> Constraints.aligned(Math.max(Q, 1L << shift)))
          .toArray(Constraints[]::new);

  final HeapSource source;
  final Arena arena;
  private final LiveRanges live;
  private final Fit policy;
  private final Window window;
  private final HeapSettings settings;
  private final int cpus;

  /**
   * Opens a heap that holds nothing yet.
   *
   * @param context spans, memory and CPUs
   * @param settings the keys that the metatype of {@code heap.arena} lists
   * @throws allocator.api.BadSettingException if a setting is not accepted
   */
  public ArenaHeap(HeapContext context, Settings settings) {
    this.settings = HeapSettings.read(settings, context.spans().pageBytes());
    this.source = new HeapSource(context.spans(), this.settings);
    ArenaShape shape =
        new ArenaShape("heap", Q, Optional.of(source), this.settings.cacheMost(), "bytes");
    this.arena = new Arena(shape, this.settings.tuning(), context.cpus());
    this.live = arena.live();
    this.policy = this.settings.policy();
    this.window = context.window();
    this.cpus = context.cpus();
  }

  @Override
  public String model() {
    return MODEL;
  }

  @Override
  public int alignment() {
    return (int) Q;
  }

  // ---------------------------------------------------------------------------------------- hot

  /** {@return a size in whole quanta, at least one; 0 if there is no such block} */
  private static long rounded(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("size " + bytes + " is negative");
    }
    return bytes > LARGEST ? 0 : Math.max(Q, (bytes + Q - 1) & -Q);
  }

  @Override
  public long allocate(int cpu, long bytes) {
    Objects.checkIndex(cpu, cpus);
    long size = rounded(bytes);
    return size == 0 ? NULL : address(arena.allocate(cpu, size, policy));
  }

  private static long address(long base) {
    return base == Arena.NONE ? NULL : base;
  }

  @Override
  public long allocateZeroed(int cpu, long bytes) {
    long block = allocate(cpu, bytes);
    if (block != NULL) {
      window.fill(block, bytes, (byte) 0);
    }
    return block;
  }

  @Override
  public long allocateAligned(int cpu, long align, long bytes) {
    if (Long.bitCount(align) != 1 || align < 0) {
      throw new IllegalArgumentException("alignment " + align + " is not a power of two");
    }
    if (align <= Q) {
      return allocate(cpu, bytes);
    }
    Objects.checkIndex(cpu, cpus);
    long size = rounded(bytes);
    Constraints where = ALIGNED[Long.numberOfTrailingZeros(align)];
    return size == 0 || align > LARGEST
        ? NULL
        : address(arena.allocateConstrained(size, where, policy));
  }

  @Override
  public long resize(int cpu, long address, long bytes) {
    Objects.checkIndex(cpu, cpus);
    long size = rounded(bytes);
    long old = usableSize(address);
    if (size == 0) {
      return NULL;
    }
    return live.resize(address, size, 0) ? address : move(cpu, address, old, size);
  }

  private long move(int cpu, long address, long old, long size) {
    long to = address(arena.allocate(cpu, size, policy));
    if (to == NULL) {
      return NULL;
    }
    window.copy(address, to, Math.min(old, size));
    boolean freed = false;
    try {
      live.free(cpu, address);
      freed = true;
    } finally {
      if (!freed) { // another freed it meanwhile
        live.free(cpu, to);
      }
    }
    return to;
  }

  @Override
  public boolean resizeInPlace(int cpu, long address, long bytes) {
    Objects.checkIndex(cpu, cpus);
    long size = rounded(bytes);
    return usableSize(address) != 0 && size != 0 && live.resize(address, size, 0);
  }

  @Override
  public void free(int cpu, long address) {
    Objects.checkIndex(cpu, cpus);
    live.free(cpu, address);
  }

  @Override
  public void freeSized(int cpu, long address, long bytes) {
    Objects.checkIndex(cpu, cpus);
    long size = rounded(bytes);
    long usable = usableSize(address);
    boolean smaller = live.noteAt(address) == TAKEN && bytes <= usable;
    if (size != usable && !smaller) {
      throw new MisuseException(
          "heap.arena: the block at 0x%x has %d bytes, and %d are freed"
              .formatted(address, usable, bytes));
    }
    live.free(cpu, address);
  }

  @Override
  public void freeBulk(int cpu, long[] addresses, int from, int count) {
    Objects.checkFromIndexSize(from, count, addresses.length);
    HeapEngine.super.freeBulk(cpu, addresses, from, count);
  }

  @Override
  public long usableSize(long address) {
    long size = live.sizeAt(address);
    if (size == 0) {
      throw new MisuseException(
          "heap.arena: no block is live at 0x%x: a double free or a foreign address"
              .formatted(address));
    }
    return size;
  }

  // --------------------------------------------------------------------------------------- cold

  @Override
  public long trim(long keep) {
    requireSize(keep);
    if (settings.fixed()) {
      return 0;
    }
    long before = source.held();
    arena.drain();
    arena.giveBack();
    source.releaseKept(keep);
    return before - source.held();
  }

  private static void requireSize(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("size " + bytes + " is negative");
    }
  }

  @Override
  public long footprint() {
    return source.held();
  }

  @Override
  public long peakFootprint() {
    return source.peak();
  }

  @Override
  public long footprintLimit() {
    return source.limit();
  }

  @Override
  public void footprintLimit(long bytes) {
    requireSize(bytes);
    source.limit(bytes);
  }

  @Override
  public List<Statistic> statistics() {
    List<Statistic> figures = new ArrayList<>(arena.statistics());
    figures.add(new Statistic("footprint", source.held(), "bytes"));
    figures.add(new Statistic("peak_footprint", source.peak(), "bytes"));
    figures.add(new Statistic("kept", source.kept(), "bytes"));
    figures.add(new Statistic("release_fail", source.releaseFailures(), "calls"));
    figures.add(new Statistic("metadata", arena.metadataBytes(), "bytes"));
    return figures;
  }

  @Override
  public void walk(RangeVisitor visitor) {
    arena.walkAllocated((base, size, note) -> visitor.visit(base, size, 0));
  }

  @Override
  public void managed(RangeVisitor visitor) {
    if (arena.walkSpans((base, size, imported) -> visitor.visit(base, size, 0))) {
      source.walkKept(visitor);
    }
  }

  @Override
  public void drain() {
    arena.drain();
  }

  @Override
  public long checkInvariants() {
    long[] inArena = {0};
    arena.walkSpans((base, size, imported) -> {
      inArena[0] += size;
      return true;
    });
    return arena.checkInvariants() + source.check(inArena[0]);
  }

  /**
   * Takes over a predecessor's pages and blocks.
   *
   * @param estate what it leaves behind
   * @param dryRun true to find out only whether it could be done
   * @throws TransferRefusedException if a block does not begin at a multiple of 16,
   *     or shares 16 bytes with another; nothing has changed then
   */
  @Override
  public void rebuild(Estate estate, boolean dryRun) {
    if (!settings.rebuilds()) {
      throw new TransferRefusedException("heap.arena: takeover=lodge");
    }
    Inheritance left = new Inheritance(arena.shape(), settings);
    left.read(estate);
    if (!dryRun) {
      left.settle(arena);
      source.inherit(left.bytes());
    }
  }

  /** What is held from below is the kernel's to take; the metadata goes with this object. */
  @Override
  public void close() {}
}
