package physmem.bitmap;

import allocator.api.Estate;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import allocator.api.TransferRefusedException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import physmem.api.FrameConstraints;
import physmem.api.FrameContext;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.FrameSpan;
import physmem.api.InheritedRam;
import physmem.api.ZoneReport;

/*
 * A BITMAP: WHAT EVERYBODY WRITES FIRST
 *
 * 1. The idea
 *
 *    A bit per frame says whether it is free. To allocate, look for a set bit and clear it; to free,
 *    set it. There is nothing to merge, as neighbours are neighbours, and nothing to keep in order.
 *    It is the yardstick: whoever builds a buddy or something cleverer has to be better than this,
 *    on his machine and with his load, and often is not by much.
 *
 * 2. Next fit
 *
 *    A search begins behind the block that was handed out last and goes round once. While much is
 *    free, the first word that it looks at has room. Single frames go out in rising order, which
 *    clients notice as contiguity that they did not ask for. With memory nearly full each search
 *    looks at all words: that is the price, and wordsSearched counts it. First fit, a setting, keeps
 *    live frames low, and pays for it by crossing all of them each time.
 *
 *    A block of up to 64 frames lies in one word: three steps of and-with-itself-shifted leave a bit
 *    where 8 free frames begin. Larger blocks are whole words, at multiples of their size.
 *
 * 3. Two bits
 *
 *    With the one bit a wrong free is accepted if the frames happen to be in use, and nobody can list
 *    what is live, so that no other allocator could take over. The second bit marks where a live
 *    range begins. A range goes on to the next such mark, to a free frame or to the end of the RAM.
 *
 * 4. Holes
 *
 *    A bitmap from frame 0 to the last one is mostly about holes on a real machine. Here each run of
 *    managed frames has its bits, one behind the other (Stretches), and frames are looked up by
 *    bisection. Between runs stands at least one bit that is never free. Bits are aligned as their
 *    frames, so that words can be searched without knowing about frames.
 *
 * 5. Zones
 *
 *    There are none. A request for low memory ends its search at 4 GiB or 16 MiB; it has a cursor of
 *    its own, else it would begin above its limit. Nothing keeps other requests from low memory: next
 *    fit goes through it like through all. This is what zones are for; watch zones on a machine with
 *    some GiB under load. NUMA nodes and mobility are ignored as well.
 *
 * 6. One lock
 *
 *    All calls take it. CPUs have nothing of their own.
 *
 * What was not done: a summary level over the words (with it, this is no longer the baseline; LLFree
 * is what it grows into); zones; per-CPU stocks; compaction; hotplug.
 *
 * References. D. Knuth, The Art of Computer Programming, volume 1, section 2.5, next fit. A bitmap
 * of frames: 4.3BSD's swap maps, Xen's alloc_bitmap (xen/common/page_alloc.c) beside its buddy, and
 * the first allocator of most hobby kernels.
 */

/**
 * A next-fit bitmap of page frames.
 *
 * <p>Safe for use by several threads; they wait for each other.
 */
public final class BitmapFrames implements FrameEngine {
  /** The largest order: 1024 frames, as in Linux. */
  static final int MAX_ORDER = 10;

  private static final int REACHES = 3; // any zone, DMA32, DMA
  private static final int MOBILITIES = 3;
  private static final int ZONE_SHIFT = 2;

  private final FrameContext context;
  private final BitmapSettings settings;
  private final long[] cursors = new long[REACHES]; // a bit each; guarded by lock
  private final ReentrantLock lock = new ReentrantLock();
  private Holding held;
  private long allocations;
  private long frees;
  private long failures;
  private boolean closed;

  /**
   * Opens an allocator.
   *
   * @param context RAM and room for metadata
   * @param settings its settings
   */
  BitmapFrames(FrameContext context, BitmapSettings settings) {
    this.context = context;
    this.settings = settings;
    this.held = Holding.of(context);
  }

  @Override
  public String model() {
    return BitmapProvider.MODEL;
  }

  @Override
  public int maxOrder() {
    return MAX_ORDER;
  }

  @Override
  public long allocate(int cpu, int order, int flags) {
    checkOrder(order);
    int reach = reach(cpu, flags);
    lock.lock();
    try {
      long bit = held.map().takeBlock(order, cursors[reach], limitBit(reach));
      return count(bit == NONE ? NONE : advance(reach, bit, 1L << order));
    } finally {
      lock.unlock();
    }
  }

  private long advance(int reach, long bit, long count) {
    cursors[reach] = settings.next() ? bit + count : 0;
    return held.map().stretches().frameOf(bit);
  }

  private long count(long frame) {
    if (frame == NONE) {
      failures++;
    } else {
      allocations++;
    }
    return frame;
  }

  private static void checkOrder(int order) {
    if (order < 0 || order > MAX_ORDER) {
      throw new IllegalArgumentException("order %d is not 0 to %d".formatted(order, MAX_ORDER));
    }
  }

  private int reach(int cpu, int flags) {
    checkCpu(cpu);
    int reach = (flags & FrameFlags.ZONE_MASK) >>> ZONE_SHIFT;
    if (reach >= REACHES || FrameFlags.mobility(flags) >= MOBILITIES) {
      throw new IllegalArgumentException(
          "flags 0x%x: zone and mobility are 0 to 2 each".formatted(flags));
    }
    return reach;
  }

  private void checkCpu(int cpu) {
    if (cpu < 0 || cpu >= context.cpus()) {
      throw new IllegalArgumentException("CPU %d: there are %d".formatted(cpu, context.cpus()));
    }
  }

  private long limitBit(int reach) {
    return reach == 0
        ? held.map().stretches().bits()
        : held.map().stretches().limitBit(limitFrame(reach));
  }

  private static long limitFrame(int reach) {
    return reach == 0 ? Long.MAX_VALUE : Reports.endOf(Reports.KINDS - 1 - reach);
  }

  @Override
  public void free(int cpu, long frame, int order) {
    checkCpu(cpu);
    lock.lock();
    try {
      held.map().giveBlock(frame, order);
      frees++;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void freeBulk(int cpu, int order, long[] frames, int from, int count) {
    Objects.checkFromIndexSize(from, count, frames.length);
    checkCpu(cpu);
    lock.lock();
    try {
      checkBulk(order, frames, from, count);
      for (int i = from; i < from + count; i++) {
        held.map().giveBlock(frames[i], order);
      }
      frees += count;
    } finally {
      lock.unlock();
    }
  }

  // All of them, before the first is freed. Whether one is named twice is found by sorting.
  private void checkBulk(int order, long[] frames, int from, int count) {
    boolean rising = true;
    for (int i = from; i < from + count; i++) {
      rising &= i == from || frames[i - 1] < frames[i];
      if (!held.map().isLive(frames[i], order)) {
        throw bulkMisuse(order, frames[i], count, "no live block");
      }
    }
    if (!rising) {
      checkTwice(order, Arrays.copyOfRange(frames, from, from + count));
    }
  }

  private static void checkTwice(int order, long[] frames) {
    Arrays.sort(frames);
    for (int i = 1; i < frames.length; i++) {
      if (frames[i - 1] == frames[i]) {
        throw bulkMisuse(order, frames[i], frames.length, "named twice");
      }
    }
  }

  private static MisuseException bulkMisuse(int order, long frame, int count, String why) {
    return new MisuseException(
        "bulk free of %d blocks: frame 0x%x, order %d, is %s; none was freed"
            .formatted(count, frame, order, why));
  }

  @Override
  public boolean allocateAt(int cpu, long frame, long count, int flags) {
    checkCount(frame, count);
    reach(cpu, flags);
    lock.lock();
    try {
      boolean taken = held.map().takeAt(frame, count);
      count(taken ? frame : NONE);
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private static void checkCount(long frame, long count) {
    if (frame < 0 || count < 1 || frame + count < 0) {
      throw new IllegalArgumentException("%d frames from 0x%x are none".formatted(count, frame));
    }
  }

  @Override
  public long allocateContiguous(int cpu, long count, FrameConstraints where, int flags) {
    checkCount(0, count);
    int reach = reach(cpu, flags);
    lock.lock();
    try {
      return count(held.map().takeRun(count, where, limitFrame(reach)));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void freeRange(int cpu, long frame, long count) {
    checkCpu(cpu);
    lock.lock();
    try {
      held.map().giveRange(frame, count);
      frees++;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long freeFrames() {
    lock.lock();
    try {
      return held.map().freeFrames();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long metadataBytes() {
    return closed ? 0 : held.memory().size() * Bits.bytes(held.map().stretches().bits());
  }

  @Override
  public List<ZoneReport> zones() {
    lock.lock();
    try {
      return closed ? List.of() : held.reports().zones(held.map());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Statistic> statistics() {
    lock.lock();
    try {
      return List.of(
          new Statistic("alloc", allocations, "calls"),
          new Statistic("free", frees, "calls"),
          new Statistic("fail", failures, "calls"),
          new Statistic("words_searched", held.map().wordsSearched(), "words"),
          new Statistic("nr_free_pages", held.map().freeFrames(), "frames"),
          new Statistic("bits", held.map().stretches().bits(), "bits"));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void walk(RangeVisitor visitor) {
    held.map().walk(visitor);
  }

  @Override
  public void managed(RangeVisitor visitor) {
    for (FrameSpan span : held.managed()) {
      if (!visitor.visit(span.start(), span.frames(), 0)) {
        return;
      }
    }
  }

  @Override
  public long checkInvariants() {
    return new Audit(held.map()).run();
  }

  @Override
  public void rebuild(Estate estate, boolean dryRun) {
    InheritedRam ram = InheritedRam.of(context, estate);
    boolean anew = !ram.missing().isEmpty();
    Holding before = held;
    Holding next = anew ? Holding.of(ram) : before;
    boolean settled = false;
    try {
      estate.live((base, size, attributes) -> inherit(next.map(), base, size, dryRun));
      settled = !dryRun;
    } finally {
      if (anew) {
        held = settled ? next : before;
        (settled ? before : next).release(context);
      } else if (!settled) {
        before.map().reset();
      }
    }
  }

  private static boolean inherit(FrameMap map, long base, long size, boolean dryRun) {
    if (!map.isFree(base, size) || (!dryRun && !map.takeAt(base, size))) {
      throw new TransferRefusedException(
          "live frames [0x%x, 0x%x) are not all free here".formatted(base, base + size));
    }
    return true;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    held = held.ended();
    held.release(context);
  }
}
