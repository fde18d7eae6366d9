package heap.tlsf;

import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import hardware.api.Window;
import heap.api.HeapContext;
import heap.api.HeapEngine;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A heap whose calls take the same time whatever it holds: two-level segregated fit.
 *
 * <h2>1. How it works</h2>
 *
 * Free blocks lie in lists by size, some thousand of them: each power of two is a row, cut into 32
 * columns ({@link Mapping}). A word per row says which columns hold blocks, one word says which
 * rows do. An allocation rounds the size up to the next list, so that <em>every</em> block in it
 * will do, finds the first list that is not empty with two bit scans, and takes its first block
 * ({@link FreeLists}). What is too much is cut off and goes to its own list. A free looks at both
 * neighbours through tags in front of the blocks and feet at the end of free ones ({@link Tags}),
 * merges, and puts the result in its list ({@link Space}). Nothing is searched, nothing put off.
 *
 * <h2>2. What differs from the paper</h2>
 *
 * <ul>
 *   <li>The tag has a check of 24 bits, so that double frees, foreign and interior addresses and
 *       overwritten tags are told; the paper's allocator trusts its caller.
 *   <li>When the search finds no list, the first block of the request's own list is looked at too.
 *       The paper goes without, and may fail although a block of exactly that size is free.
 *   <li>The heap grows and shrinks by pools ({@link Growth}); the paper has one fixed pool. The
 *       constant bound is that of calls which need no memory from below, and the pool of an address
 *       is found in log2(pools) steps.
 * </ul>
 *
 * <h2>3. Threads</h2>
 *
 * One lock for all, as everybody does who uses TLSF from several threads. Growth calls the tier
 * below with the lock held. {@link #statistics}, {@link #report} and the footprint are read without
 * it, so that they answer while somebody waits for the tier below.
 *
 * <h2>4. What was not done</h2>
 *
 * No lists per CPU. No pages given back from the middle of a pool. No transfer form: at a swap the
 * kernel keeps the live blocks where they are. No growth below a block that is resized at its
 * pool's end: it moves.
 *
 * <h2>References</h2>
 *
 * M. Masmano, I. Ripoll, A. Crespo, J. Real: TLSF: a New Dynamic Memory Allocator for Real-Time
 * Systems, ECRTS 2004. M. Masmano, I. Ripoll, J. Real, A. Crespo, A. J. Wellings: Implementation of
 * a constant-time dynamic storage allocator, Software: Practice and Experience 38 (2008). The tag
 * of one word follows M. Conte's implementation 3.1, of which nothing was copied.
 */
final class TlsfEngine implements HeapEngine {
  static final String MODEL = "TLSF (Masmano et al. 2004)";

  private final ReentrantLock lock = new ReentrantLock();
  private final Window window;
  private final Space space;

  private long allocations;
  private long frees;
  private long resizes;
  private long failures;

  TlsfEngine(HeapContext context, TlsfSettings settings) {
    this.window = context.window();
    Mapping mapping =
        new Mapping(settings.secondLevel(), settings.firstLevel(), settings.leastBlock());
    Tags tags = new Tags(window, new SplittableRandom().nextLong());
    this.space =
        new Space(
            mapping,
            tags,
            new Growth.Source(context.spans(), settings.growth(), settings.emptyKeep()));
    space.growth.limit = settings.footprintLimit();
  }

  /** {@return the algorithm, for tests} */
  Space space() {
    return space;
  }

  @Override
  public String model() {
    return MODEL;
  }

  @Override
  public int alignment() {
    return (int) Tags.ALIGN;
  }

  // ------------------------------------------------------------------------------------ allocate

  @Override
  public long allocate(int cpu, long bytes) {
    long size = blockSize(bytes);
    lock.lock();
    try {
      return counted(space.allocate(size));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long allocateZeroed(int cpu, long bytes) {
    long address = allocate(cpu, bytes);
    if (address != NULL) {
      window.fill(address, bytes, (byte) 0);
    }
    return address;
  }

  @Override
  public long allocateAligned(int cpu, long align, long bytes) {
    if (align <= 0 || Long.bitCount(align) != 1) {
      throw new IllegalArgumentException("alignment " + align + " is no power of two");
    }
    if (align <= Tags.ALIGN) {
      return allocate(cpu, bytes);
    }
    long size = blockSize(bytes);
    lock.lock();
    try {
      return counted(space.allocateAligned(size, align));
    } finally {
      lock.unlock();
    }
  }

  private long blockSize(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a block of " + bytes + " bytes");
    }
    return space.mapping.blockSize(bytes);
  }

  private long counted(long at) {
    if (at == Space.NULL) {
      failures++;
      return NULL;
    }
    allocations++;
    return at + Tags.OVERHEAD;
  }

  // ---------------------------------------------------------------------------------------- free

  @Override
  public void free(int cpu, long address) {
    freeSized(cpu, address, 0);
  }

  @Override
  public void freeSized(int cpu, long address, long bytes) {
    lock.lock();
    try {
      long tag = space.live(address);
      if (bytes < 0 || bytes > usable(tag)) {
        throw new MisuseException(
            "block 0x%x is freed as one of %d bytes, but it has %d"
                .formatted(address, bytes, usable(tag)));
      }
      space.free(address - Tags.OVERHEAD, tag);
      frees++;
    } finally {
      lock.unlock();
    }
  }

  // -------------------------------------------------------------------------------------- resize

  @Override
  public long resize(int cpu, long address, long bytes) {
    long size = blockSize(bytes);
    lock.lock();
    try {
      long tag = space.live(address);
      resizes++;
      if (fits(address, tag, size)) {
        return address;
      }
      return move(address, tag, size);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean resizeInPlace(int cpu, long address, long bytes) {
    long size = blockSize(bytes);
    lock.lock();
    try {
      long tag = space.live(address);
      resizes++;
      return fits(address, tag, size);
    } finally {
      lock.unlock();
    }
  }

  private boolean fits(long address, long tag, long size) {
    return size < space.mapping.limit && space.resizeInPlace(address - Tags.OVERHEAD, tag, size);
  }

  private long move(long address, long tag, long size) {
    long to = counted(space.allocate(size));
    if (to == NULL) {
      return NULL;
    }
    window.copy(address, to, usable(tag)); // a block that moves grows
    try {
      // The tag is read anew: the allocation may have taken or freed what was in front.
      space.free(address - Tags.OVERHEAD, space.live(address));
    } catch (RuntimeException e) {
      space.free(to - Tags.OVERHEAD, space.live(to));
      throw e;
    }
    frees++;
    return to;
  }

  private static long usable(long tag) {
    return Tags.size(tag) - Tags.OVERHEAD;
  }

  @Override
  public long usableSize(long address) {
    lock.lock();
    try {
      return usable(space.live(address));
    } finally {
      lock.unlock();
    }
  }

  // ----------------------------------------------------------------------------------- footprint

  @Override
  public long trim(long keep) {
    if (keep < 0) {
      throw new IllegalArgumentException("to keep " + keep + " bytes");
    }
    lock.lock();
    try {
      return space.growth.trim(keep);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long footprint() {
    return space.pools.footprint;
  }

  @Override
  public long peakFootprint() {
    return space.pools.peak;
  }

  @Override
  public long footprintLimit() {
    return space.growth.limit;
  }

  @Override
  public void footprintLimit(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a footprint of " + bytes + " bytes");
    }
    space.growth.limit = bytes;
  }

  // ---------------------------------------------------------------------------------------- cold

  @Override
  public List<Statistic> statistics() {
    Growth growth = space.growth;
    return List.of(
        new Statistic("alloc", allocations, "calls"),
        new Statistic("free", frees, "calls"),
        new Statistic("resize", resizes, "calls"),
        new Statistic("fail", failures, "calls"),
        new Statistic("live", space.liveBlocks, "blocks"),
        new Statistic("live.bytes", space.liveBytes, "bytes"),
        new Statistic("free.blocks", space.lists.blocks, "blocks"),
        new Statistic("free.bytes", space.lists.bytes, "bytes"),
        new Statistic("looked", space.lists.looked, "lists"),
        new Statistic("pools", space.pools.count(), "pools"),
        new Statistic("pools.empty", space.pools.empty, "bytes"),
        new Statistic("footprint", space.pools.footprint, "bytes"),
        new Statistic("footprint.peak", space.pools.peak, "bytes"),
        new Statistic("extend", growth.extended, "calls"),
        new Statistic("open", growth.opened, "calls"),
        new Statistic("release", growth.released, "calls"),
        new Statistic("release.fail", growth.releaseFailures, "calls"));
  }

  @Override
  public List<String> reports() {
    return List.of(Report.NAME);
  }

  @Override
  public List<String> report(String name) {
    return name.equals(Report.NAME) ? Report.lines(space) : HeapEngine.super.report(name);
  }

  @Override
  public void walk(RangeVisitor visitor) {
    for (int i = 0; i < space.pools.count(); i++) {
      if (!walk(space.pools.start(i), space.pools.end(i), visitor)) {
        return;
      }
    }
  }

  private boolean walk(long start, long end, RangeVisitor visitor) {
    long last = end - Tags.OVERHEAD;
    long at = start + Tags.OVERHEAD;
    while (at != last) {
      long tag = space.tags.read(at);
      boolean live = (tag & Tags.FREE) == 0;
      if (live && !visitor.visit(at + Tags.OVERHEAD, usable(tag), 0)) {
        return false;
      }
      at += Tags.size(tag);
    }
    return true;
  }

  @Override
  public void managed(RangeVisitor visitor) {
    for (int i = 0; i < space.pools.count(); i++) {
      long start = space.pools.start(i);
      if (!visitor.visit(start, space.pools.end(i) - start, 0)) {
        return;
      }
    }
  }

  @Override
  public long checkInvariants() {
    return Invariants.check(space);
  }

  /** The lists are in Java's memory and the tags in the pools, which stay as long as lodgers do. */
  @Override
  public void close() {}
}
