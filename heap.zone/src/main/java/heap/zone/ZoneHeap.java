package heap.zone;

import allocator.api.Explanation;
import allocator.api.RangeVisitor;
import allocator.api.Settings;
import allocator.api.Statistic;
import hardware.api.Window;
import heap.api.CacheSpec;
import heap.api.ExplainingEngine;
import heap.api.HeapContext;
import heap.api.HeapRequest;
import heap.api.ObjectCache;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/*
 * THE ZONE ALLOCATOR OF XNU, WITH KALLOC ON TOP
 *
 * 1. Zones
 *
 *    A zone is a pool of elements of one size: one zone for each size class of kalloc, and one for
 *    each type that a client names (createCache). Memory that has once held elements of a zone holds
 *    elements of that zone for ever: what a dangling pointer can reach has the old type still. That
 *    is the design's first aim, speed the second. A request is rounded up to a class, two for each
 *    power of two, as in the heaps kalloc.type.var and data.kalloc; the table of kalloc.type can be
 *    chosen instead. Above 16 KiB (32 KiB on arm64) a block is whole pages straight from below.
 *
 *    A zone's memory comes in chunks of 1 to 8 pages: the shortest with the least waste in whole
 *    percent [1, zone_get_min_alloc_granule]. What does not divide evenly is left in front, so the
 *    elements end with the chunk. Chunks are on one of four queues: empty, partial and full ones, and
 *    va, the addresses without frames. Elements are taken from a partial chunk first. The search in a
 *    chunk's bitmap begins behind the element found last and goes round, so that what was freed just
 *    now is not what is handed out next.
 *
 * 2. Metadata
 *
 *    Nothing is written into pages. Each page has 16 bytes outside, in the original's layout: zone
 *    index, frames of the chunk, elements allocated, 32 bits of bitmap, links of the queue. A bitmap
 *    that is too long for its chunk's pages is 2^n words of a small buddy allocator (Bitmaps). An
 *    address becomes an element's index by a multiplication and a shift.
 *
 *    In XNU an element in a CPU's magazine counts as allocated, and a second free of it is noticed
 *    late or never. Here a second bit per 16 bytes says whether a client holds an element that begins
 *    there: set last in an allocation, cleared by compare-and-set first in a free. So a double free,
 *    an interior and a foreign address fail at once, with nothing changed, wherever the element
 *    lies; of two frees at one time one fails; and walk, census and usableSize read only bits, need
 *    no drain and no lock, and go on saying the same when the heap was relieved.
 *
 * 3. Addresses
 *
 *    General zones lie in four submaps, each growing from its left or its right end; which and where
 *    is a zone's fate, drawn when it is made. A zone that needs addresses gets 1 to 10 chunks at
 *    once, and uses them in shuffled order. Behind each chunk stands a guard, as long as a chunk,
 *    with a chance of 1 in 4, behind the last always, and before the first with 1 in 4 again: about
 *    a fifth of all addresses are guards. They never get frames. Addresses are sequestered: when a
 *    chunk is empty its frames can go back (depopulate), the addresses stay on the zone's queue va
 *    and are the first to get frames again (populate). A destroyed zone keeps them, too, until one
 *    of the same name and shape is made. With sequester=off addresses are got and given back chunk
 *    by chunk, as for XNU's data zones.
 *
 *    The original's submaps are set up once, in 24 or 128 GiB of addresses. Here a submap reserves
 *    spans from below as it needs them, 1 MiB at first and each twice the last, up to 16 MiB; the
 *    limit map.bytes is on all of them together.
 *
 *    When frames are short, a chunk gets those of its first element only. The rest waits on the
 *    queue va; meanwhile the chunk is marked so that it cannot become empty while it is completed.
 *
 * 4. Magazines
 *
 *    A zone begins without: each call takes its lock. Where the lock was found taken ten times per
 *    second and CPU in two periods in a row, the CPUs get two magazines of eight each: allocations
 *    pop one, frees push the other, and they change places when one is empty or full. Behind them
 *    are a depot per CPU, of a size that follows contention (grows from 5, shrinks at 0.5 per second
 *    and CPU, at most 128 KiB), and one per zone, the recirculation layer; both first in, first out.
 *    Averages are the original's, three parts history and one part news, in 1/256. A period is 15
 *    seconds of the host's clock: it is the host's threads that contend. With one thread the clock
 *    decides only about what is trimmed unasked.
 *
 * 5. Giving back
 *
 *    zone_gc has levels: TRIM gives back what was not needed for a while, by the averages; DRAIN all
 *    but what is in the CPUs' own two magazines; FLUSH (XNU: only to destroy a zone) all. trim(keep)
 *    goes through them until no more than that is idle. A free never gives frames back by itself:
 *    a zone looks at itself once in a period, and when its limit is 95 % used.
 *
 *    At that mark the original looks for the largest zone and has a process killed. Here there is
 *    nobody to kill: the zone is noted (report "exhaustion", in the original's words), memory is
 *    reclaimed, and at the limit the answer is 0, where XNU would wait or panic.
 *
 * 6. Memory ordering
 *
 *    - ZoneLock.taken, of a zone and of its recirculation: compare-and-set (acquire), release store.
 *      Under a zone's lock: its queues, the metadata and bitmaps of its pages, its counters. No lock
 *      is held while another zone's is taken, while constructors run or the tier below is called:
 *      pages off the queue va, or detached from the queue of empty ones, are known to nobody else.
 *    - ZoneCache.held stands for disabled preemption: tried, never waited for; who fails goes to the
 *      zone. So two threads with one CPU index only lose speed.
 *    - The first word of a page's metadata is read without lock by free and usableSize, which want
 *      only the zone index. That is the same from the time when a chunk is laid out on. With
 *      sequester=off it changes only between release and import, which the tier below orders.
 *    - Region.live: the mark is stored plainly, or by compare-and-set where elements are less than 64
 *      bytes apart, by the thread that took the element. The compare-and-set that clears it comes
 *      before the lock or word under which the next owner finds the element.
 *    - Regions.root and Zones.all: replaced by volatile stores, read by volatile loads.
 *    - LargeBlocks: the length of a block is changed by compare-and-set; of two frees one fails.
 *
 * 7. What was not done, and why
 *
 *    - Type signatures and the assignment of call sites to zones at boot (kalloc.type proper): there
 *      are no call sites. A type is what a client names. Read-only, per-CPU, permanent and SMR zones,
 *      zone views, tags, zlog: kinds of client that a workbench does not have.
 *    - PGZ, the sampled double mapping: the tier below maps no frame twice.
 *    - Zeroing at free. Allocations are not promised zero here; allocateZeroed fills.
 *    - Limits of single zones (zone_set_exhaustible), reserves (z_elems_rsv), waiting for pages, refilling from another thread: calls do not wait.
 *    - Waiting for a zone's expander: two threads that find no element each fill a chunk.
 *    - The round-robin place per CPU: it is per zone, since the zone's lock is held anyway.
 *    - Magazines are arrays of Java's, not elements of a zone of their own.
 *
 * References
 *    [1] XNU 11417.101.15 (macOS 15.4): osfmk/kern/zalloc.c, zalloc_internal.h, kalloc.c.
 *    [2] Apple Security Engineering, Towards the next generation of XNU memory safety: kalloc_type,
 *        2022.
 *    [3] system_cmds 1026.100.5: zprint/zprint.c.
 *    [4] J. Bonwick, J. Adams, Magazines and Vmem, USENIX 2001.
 */

/**
 * A heap of zones, one for each size class and one for each type that a client names. Blocks are
 * aligned to 16 bytes; those of a size class that is a power of two to their class, up to a page.
 * Safe for use by several threads, also with the same CPU index.
 */
public final class ZoneHeap implements ExplainingEngine {
  /** What this heap is modelled on. */
  static final String MODEL = "zalloc and kalloc of XNU 11417.101.15 (macOS 15.4)";

  private static final String ZPRINT = "zprint";
  private static final String ZPRINT_WASTE = "zprint-wt";
  private static final String ZONES = "zones";
  private static final String EXHAUSTION = "exhaustion";

  final ZoneSpace space;
  private final Regions regions;
  private final Zones zones;
  private final SizeClasses classes;
  private final int largest;
  private final Zone[] general;
  private final LargeBlocks large;
  private final Window window;
  private final Resize resize;
  private final Inspect inspect;

  /**
   * Opens a heap that holds nothing yet.
   *
   * @param context spans, memory and CPUs
   * @param settings those of the configuration {@code heap.zone}
   * @throws allocator.api.BadSettingException if a setting is not accepted
   */
  public ZoneHeap(HeapContext context, Settings settings) {
    this.space = new ZoneSpace(context, ZoneSettings.parse(settings, context.spans().pageBytes()));
    this.regions = space.regions;
    this.zones = space.zones;
    this.classes = zones.classes();
    this.largest = classes.largest();
    this.general = zones.general();
    this.large = space.large;
    this.window = space.window;
    this.resize = new Resize(this, space);
    this.inspect = new Inspect(space);
  }

  @Override
  public String model() {
    return MODEL;
  }

  @Override
  public int alignment() {
    return SizeClasses.GRANULE;
  }

  // ---------------------------------------------------------------------------------------- hot

  @Override
  public long allocate(int cpu, long bytes) {
    requireSize(bytes);
    return bytes <= largest
        ? general[classes.of(bytes)].allocate(cpu)
        : large.allocate(bytes, space.pageBytes);
  }

  @Override
  public long allocateZeroed(int cpu, long bytes) {
    long block = allocate(cpu, bytes);
    boolean fresh = bytes > largest && space.spans.zeroed();
    if (block != NULL && !fresh) {
      window.fill(block, bytes, (byte) 0);
    }
    return block;
  }

  @Override
  public long allocateAligned(int cpu, long align, long bytes) {
    requireSize(bytes);
    requireAlign(align);
    long least = Math.max(align, bytes);
    if (align > space.pageBytes || least > largest) {
      return large.allocate(bytes, align);
    }
    int index = zones.aligned(least, align);
    return index < general.length
        ? general[index].allocate(cpu)
        : large.allocate(bytes, Math.max(align, space.pageBytes));
  }

  @Override
  public long resize(int cpu, long address, long bytes) {
    requireSize(bytes);
    return resize.resize(cpu, address, bytes);
  }

  @Override
  public boolean resizeInPlace(int cpu, long address, long bytes) {
    requireSize(bytes);
    return resize.inPlace(address, bytes);
  }

  @Override
  public void free(int cpu, long address) {
    Region region = regions.find(address);
    int owner = PageMeta.zone(region.meta[regions.word(regions.page(address))]);
    if (owner == PageMeta.NOBODY || owner == PageMeta.LARGE) {
      large.free(address);
    } else {
      zones.byId(owner).free(cpu, address, region);
    }
  }

  @Override
  public void freeSized(int cpu, long address, long bytes) {
    requireSize(bytes);
    long usable = usableSize(address);
    if (bytes > usable) {
      throw Faults.tooLong(address, bytes, usable);
    }
    free(cpu, address);
  }

  @Override
  public void freeBulk(int cpu, long[] addresses, int from, int count) {
    Objects.checkFromIndexSize(from, count, addresses.length);
    ExplainingEngine.super.freeBulk(cpu, addresses, from, count);
  }

  @Override
  public long usableSize(long address) {
    Region region = regions.find(address);
    int owner = PageMeta.zone(region.meta[regions.word(regions.page(address))]);
    if (owner == PageMeta.NOBODY || owner == PageMeta.LARGE) {
      return large.bytes(address);
    }
    Zone zone = zones.byId(owner);
    if (!region.isLive(regions.offset(address))) {
      throw zone.notLive(address);
    }
    return zone.shape.objectBytes();
  }

  private static void requireSize(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("size " + bytes + " is negative");
    }
  }

  /** Refuses what is no power of two. */
  static void requireAlign(long align) {
    if (Long.bitCount(align) != 1 || align < 0) {
      throw new IllegalArgumentException("alignment " + align + " is not a power of two");
    }
  }

  // --------------------------------------------------------------------------------------- cold

  @Override
  public Optional<ObjectCache> createCache(CacheSpec spec) {
    return zones.create(spec).map(zone -> new NamedZone(spec, zone, space));
  }

  @Override
  public long trim(long keep) {
    requireSize(keep);
    return space.gc.trim(keep);
  }

  @Override
  public void drain() {
    for (Zone zone : zones.all()) {
      zone.flushCpus();
    }
  }

  @Override
  public long footprint() {
    return space.ledger.held();
  }

  @Override
  public long peakFootprint() {
    return space.ledger.peak();
  }

  @Override
  public long footprintLimit() {
    return space.ledger.limit();
  }

  @Override
  public void footprintLimit(long bytes) {
    requireSize(bytes);
    space.ledger.limit(bytes);
  }

  @Override
  public void walk(RangeVisitor visitor) {
    inspect.live(visitor);
  }

  /** {@inheritDoc} What has frames, that is; addresses without any are not shown. */
  @Override
  public void managed(RangeVisitor visitor) {
    inspect.held(visitor);
  }

  @Override
  public Explanation explain(HeapRequest request) {
    requireSize(request.bytes());
    return Explain.of(this, request);
  }

  @Override
  public long checkInvariants() {
    return new Invariants(space).check();
  }

  @Override
  public List<Statistic> statistics() {
    return Figures.of(space);
  }

  @Override
  public List<String> reports() {
    return List.of(ZPRINT, ZPRINT_WASTE, ZONES, EXHAUSTION);
  }

  @Override
  public List<String> report(String name) {
    return switch (name) {
      case ZPRINT -> Zprint.print(space, false);
      case ZPRINT_WASTE -> Zprint.print(space, true);
      case ZONES -> ZonesReport.print(space);
      case EXHAUSTION -> space.gc.log().report();
      default -> ExplainingEngine.super.report(name);
    };
  }

  /** What is held from below is the kernel's to take; the metadata goes with this object. */
  @Override
  public void close() {}
}
