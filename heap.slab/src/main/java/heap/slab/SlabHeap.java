package heap.slab;

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
 * THE SLAB ALLOCATOR, WITH MAGAZINES
 *
 * 1. Objects, slabs, caches
 *
 *    A slab is a run of 2^order pages, cut into objects of one size; a cache is all slabs of one
 *    kind of object [1]. A general-purpose heap is a row of caches, one per size class, and its
 *    requests are rounded up to the next class; the classes are those of Linux's kmalloc. What is
 *    larger than the largest class is whole pages (kmalloc passes it to the page allocator): up to
 *    large.bytes of them from the extents, more imported for each block by itself. Clients make
 *    further caches, whose objects keep a constructed state while they are free: the constructor
 *    runs when a slab is made, the destructor when its pages are given up, and neither at the
 *    allocations in between. The order of a cache's slabs is chosen by SLUB's rule [3], so that
 *    objects and pages per slab are those that a Linux machine shows in /proc/slabinfo.
 *
 * 2. The layers, and the way of a request through them
 *
 *      magazines  per CPU and cache, a loaded and a previous one: arrays of free objects' addresses
 *      depot      per cache: full and empty magazines, exchanged whole
 *      slabs      per cache: free objects as a bit each, lists of slabs by how full they are
 *      extents    per heap: runs of up to 16 pages, cut from ranges of extent.bytes
 *      below      spans with frames behind them
 *
 *    An allocation pops from the loaded magazine. If that is empty and the previous one is full,
 *    they change places; else a full one comes from the depot; else the magazine is filled from one
 *    slab. A free is the same in a mirror. Since the previous magazine is always full or empty, a
 *    CPU can do a magazine's worth of either kind before it meets another CPU: no sequence of calls
 *    makes it go to the depot each time [2].
 *
 *    Slabs are used from the fullest down, in eight classes, which leaves the emptier ones to
 *    become empty. Empty slabs beyond two per cache lose their pages to the extents, and there they
 *    are any cache's. Extents are used from the most broken down, by the largest run that is left;
 *    one that is free as a whole goes home, but for one kept in reserve. To import slabs singly
 *    would cost a walk through two tiers and the page tables for each few KiB. It is the same with
 *    large blocks: most have 3 to 16 pages, and where each was an import a trace of a web server
 *    took 3.7 times as long as heap.dl, where they are cut from extents, as long.
 *
 * 3. Working sets
 *
 *    The depot notes the least number of full magazines that it had in an interval: so many nobody
 *    needed, and they are broken up at its end. The original's interval is 15 seconds; a simulation
 *    has no clock that means anything, so here it is a number of exchanges, or the time between two
 *    calls of trim or reap. If the depot's lock was found taken more than three times in an
 *    interval, new magazines are of the next larger type, so that the CPUs come less often.
 *
 * 4. What is known of an address
 *
 *    Nothing is written into objects or slabs. Regions of 1 MiB hold, per page, the cache and the
 *    slab that it is part of, and, per 8 bytes, one bit: does a live object begin here. The bit is
 *    what a client's view of the heap is. It is set last in an allocation and cleared first in a
 *    free; objects in magazines have it clear. So
 *
 *      - a free of what is free, of an interior address or of a foreign one finds no bit, and fails
 *        before anything has changed, whichever layer the object lies in;
 *      - of two frees of one object at one time exactly one clears it;
 *      - walk, census and usableSize read only bits and page owners: they need no drain, take no
 *        lock, and go on saying the same when the heap has been relieved;
 *      - a free needs no division to check an address, and no look at the slab.
 *
 *    The price is 1/64 of the memory in slabs, like a kernel's page structures. A byte of marks
 *    covers 64 bytes of addresses; objects of 64 bytes and more never share one, so setting the
 *    mark is a plain store there and needs no atomic instruction.
 *
 * 5. Two ways to cut slabs, and options for finding faults
 *
 *    geometry=slub is what a Linux machine shows. geometry=bonwick is the original's: objects below
 *    an eighth of a page are in slabs of one page with 56 bytes of control at its end, where the
 *    control shares the page's fate and needs no memory of its own; for larger ones that would cost
 *    up to half of the slab, so their control is elsewhere, and the slab is as long as wastes least
 *    per object, of up to eight. What the control holds are a word that says whose it is, checked
 *    before objects are taken, and the marks of free objects; the original has links there and in
 *    the free objects. Objects of 8 bytes therefore have 72 bytes of control and are 503, not 505.
 *
 *    The rest of a slab's end is used for colours: slabs begin at different cache lines, so that
 *    the same field of many objects does not fall into few lines of the cache.
 *
 *    poison and redzone write the byte values of slub_debug; audit notes who allocated and freed an
 *    object last (Audit); random.order shuffles the order in which a slab is used up (ObjectOrder).
 *    All of it is one branch on the way of a request if it is off.
 *
 * 6. Memory ordering
 *
 *    - CpuMagazines.held: taken by compare-and-set (acquire), left by a release store; each pairs
 *      with the other. Nobody waits for it: who finds it taken uses the slabs. So it may be held
 *      while slabs are constructed or memory is imported, and two threads with one CPU index only
 *      lose speed.
 *    - SlabLock.taken: the same pair, with waiting. Order: a CPU's word, then one lock of a depot,
 *      of a cache's slabs or of the extents, never two of these, and none while constructors run or
 *      the tier below is called.
 *    - Region.live: an object's mark is stored plainly, or by compare-and-set among small objects,
 *      by the thread that took the object from a magazine or slab; the free that clears it comes
 *      after it by whatever handed the address from one client thread to the other. The clearing
 *      compare-and-set has the force of a release, and the magazine word or lock, taken afterwards
 *      by the next owner, of an acquire: the next plain store cannot be overtaken by it.
 *    - Regions.root: entries are stored, then the array by a volatile store; readers load it by a
 *      volatile load. Owners and values of pages are plain: they are stored before the slab's
 *      objects are put where they can be taken, under the lock under which they are taken. A thread
 *      that invents an address may see them old or new, and then finds no mark.
 *    - Region.value of a large block: changed by compare-and-set, so that of two frees at one time
 *      one fails. It becomes nobody's before the pages go home, since they may come back at once.
 *
 * 7. Shortage
 *
 *    A slab that cannot have a whole extent tries half of it, down to its own pages. If even they
 *    are refused, every magazine and depot is sent home (but for the CPU words that are held), all
 *    free pages are given back, and the request is tried once more; then the answer is 0. What the
 *    tier below throws passes through with nothing changed; where memory was only being given back
 *    on the way of another call, it is counted, the memory stays, and the call goes on.
 *
 * 8. What was not done, and why
 *
 *    - Free lists inside free objects, as SLUB and SLAB have them: a client's stray write would
 *      break the allocator, and a swap would have to read simulated memory under the clients.
 *    - SLUB's per-CPU slabs: in 2025 Linux went over to sheaves, which are magazines. Per-node
 *      lists: the heap's memory has no nodes.
 *    - Merging of like caches: figures per cache are what a workbench is for.
 *    - Magazines as objects of caches of their own: they are arrays of Java's, made when a depot
 *      has none to give and collected when it drops them.
 *    - Growth of classes to 2 MiB, as kmalloc had it: since SLUB, more than two pages are pages.
 *    - Fewer than three atomic instructions for a pair of allocation and free: two for the CPU's
 *      word, one to clear the live mark. On the machine of package-info that is the whole time of
 *      the pair. The word could go if threads were bound to CPUs, the mark if of two frees at the
 *      same instant both might succeed.
 *    - Audit of large blocks, and stack traces in it: clients are simulated and have none.
 *    - The left red zone of slub_debug=Z: writes before an object hit the zone of the one below.
 *
 * References
 *    [1] J. Bonwick, The Slab Allocator: An Object-Caching Kernel Memory Allocator, USENIX 1994.
 *    [2] J. Bonwick, J. Adams, Magazines and Vmem: Extending the Slab Allocator to Many CPUs and
 *        Arbitrary Resources, USENIX 2001.
 *    [3] C. Lameter, SLUB: the unqueued slab allocator, Linux 2.6.22, 2007; mm/slub.c of 6.1.
 */

/**
 * A heap of size classes and object caches over slabs, with magazines per CPU. Blocks are aligned
 * to 8 bytes; those of a size class that is a power of two to their class, up to a page. Safe for
 * use by several threads, also with the same CPU index.
 */
public final class SlabHeap implements ExplainingEngine {
  /** What this heap is modelled on. */
  static final String MODEL = "slab, Bonwick 1994 and 2001, size classes of Linux 6.1";

  final SlabSpace space;
  private final Regions regions;
  private final Caches caches;
  private final SlabCache[] general;
  private final LargeBlocks large;
  private final Window window;
  private final Resize resize;
  private final Inspect inspect;

  /**
   * Opens a heap that holds nothing yet.
   *
   * @param context spans, memory and CPUs
   * @param settings extent.bytes, large.bytes, magazine.rounds, magazine.most, geometry, colour,
   *     footprint.limit, poison, redzone, audit, random.order, random.seed
   * @throws allocator.api.BadSettingException if a setting is not accepted
   */
  public SlabHeap(HeapContext context, Settings settings) {
    this.space = new SlabSpace(context, SlabSettings.parse(settings, context.spans().pageBytes()));
    this.regions = space.regions;
    this.caches = space.caches;
    this.general = caches.general();
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
    return Region.GRANULE;
  }

  // ---------------------------------------------------------------------------------------- hot

  @Override
  public long allocate(int cpu, long bytes) {
    requireSize(bytes);
    return bytes <= SizeClasses.LARGEST
        ? general[SizeClasses.of(bytes)].allocate(cpu)
        : large.allocate(bytes, space.pageBytes);
  }

  @Override
  public long allocateZeroed(int cpu, long bytes) {
    long block = allocate(cpu, bytes);
    if (block != NULL && !isFresh(block, bytes)) {
      window.fill(block, bytes, (byte) 0);
    }
    return block;
  }

  private boolean isFresh(long block, long bytes) {
    return bytes > SizeClasses.LARGEST && space.spans.zeroed() && large.isSpan(block);
  }

  @Override
  public long allocateAligned(int cpu, long align, long bytes) {
    requireSize(bytes);
    requireAlign(align);
    long least = Math.max(align, bytes);
    if (align > space.pageBytes || least > SizeClasses.LARGEST) {
      return large.allocate(bytes, align);
    }
    return caches.aligned(least, align).allocate(cpu);
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
    int owner = region.owner[regions.page(address)];
    if (owner > 0) {
      caches.byId(owner).free(cpu, address, region);
    } else {
      large.free(address);
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
    int owner = region.owner[regions.page(address)];
    if (owner <= 0) {
      return large.bytes(address);
    }
    SlabCache cache = caches.byId(owner);
    if (!region.isLive(regions.offset(address))) {
      throw Faults.notLive(address, cache);
    }
    return cache.geometry.objectBytes();
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
    return caches.create(spec).map(cache -> new NamedCache(spec, cache, space));
  }

  @Override
  public long trim(long keep) {
    requireSize(keep);
    return space.trim(keep);
  }

  @Override
  public void drain() {
    for (SlabCache cache : caches.open()) {
      cache.drain();
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
    return List.of(Slabinfo.NAME, Kmastat.NAME, AuditReport.NAME);
  }

  @Override
  public List<String> report(String name) {
    return switch (name) {
      case Slabinfo.NAME -> Slabinfo.of(caches.open());
      case Kmastat.NAME -> Kmastat.of(space);
      case AuditReport.NAME -> AuditReport.of(space);
      default -> ExplainingEngine.super.report(name);
    };
  }

  /** What is held from below is the kernel's to take; the metadata goes with this object. */
  @Override
  public void close() {}
}
