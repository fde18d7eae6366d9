package heap.slab;

import heap.api.ObjectAction;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A cache of equal objects: magazines per CPU, a depot, and slabs. The general size classes and the
 * named caches of clients are both such. Safe for use by several threads.
 */
final class SlabCache {
  /** Empty slabs kept: one being cut from, and one against a last object that comes and goes. */
  static final int EMPTIES_KEPT = 2;

  private static final long SEEDS = 1000; // between those of two heaps' caches

  /** Does nothing; the constructor and destructor of caches that have none. */
  static final ObjectAction NOTHING = (memory, address) -> {};

  final SlabGeometry geometry;
  final Slabs slabs;
  final Depot depot;
  final SlabMaker maker;
  private final CacheShape shape;
  private final SlabSpace space;
  private final Regions regions;
  private final CpuMagazines[] cpus;
  private final Guard guard;
  private final Audit audit;
  private final boolean checked; // by either of them
  private final boolean alone; // no two objects share a byte of live marks
  private final AtomicLong directTakes = new AtomicLong(); // with the CPU's word taken
  private final AtomicLong directGives = new AtomicLong();
  private final AtomicLong fails = new AtomicLong();
  private final AtomicLong reaps = new AtomicLong();
  private volatile boolean closed;

  SlabCache(SlabSpace space, CacheShape shape) {
    this.space = space;
    this.shape = shape;
    this.geometry = shape.geometry();
    this.regions = space.regions;
    SlabSettings settings = space.settings;
    long seed = settings.randomSeed() * SEEDS + shape.id();
    ObjectOrder order = new ObjectOrder(geometry.objects(), settings.random(), seed);
    this.slabs = new Slabs(space, shape, order);
    this.depot = new Depot(geometry.stride(), settings.magazineRounds(), settings.magazineMost());
    this.cpus = new CpuMagazines[space.cpus];
    for (int i = 0; i < cpus.length; i++) {
      cpus[i] = new CpuMagazines();
    }
    boolean poison = settings.poison() && !shape.constructed();
    this.guard =
        new Guard(space.window, geometry.objectBytes(), poison, settings.redzone(), this::history);
    this.audit = new Audit(settings.audit(), geometry.objects(), space.operations);
    this.checked = guard.isOn() || audit.isOn();
    this.maker = new SlabMaker(space, shape, slabs, guard, audit);
    this.alone = geometry.stride() >= Region.ALONE;
  }

  // ---------------------------------------------------------------------------------------- hot

  /** {@return the address of an object, live now, or 0 if memory is exhausted} */
  long allocate(int cpu) {
    CpuMagazines magazines = cpus[cpu];
    long object = magazines.enter() ? pop(magazines) : takeDirect();
    if (object != 0) {
      if (checked) {
        wake(magazines, cpu, object);
      }
      regions.find(object).born(regions.offset(object), alone);
    }
    return object;
  }

  private long pop(CpuMagazines magazines) {
    long object = magazines.pop();
    if (object == 0) {
      return reload(magazines);
    }
    magazines.leave();
    return object;
  }

  /**
   * Frees an object.
   *
   * @param cpu index of the calling CPU
   * @param address what is said to be a live object of this cache
   * @param region the address's region, of whose page this cache is the owner
   * @throws allocator.api.MisuseException if no live object begins at the address
   */
  void free(int cpu, long address, Region region) {
    CpuMagazines magazines = cpus[cpu];
    long offset = regions.offset(address);
    if (checked && region.isLive(offset)) {
      guard.inspect(address);
    }
    if (!region.died(offset)) {
      throw Faults.notLive(address, this);
    }
    if (checked) {
      bury(cpu, address);
    }
    give(magazines, address);
  }

  private int slab(long address) {
    return regions.find(address).value[regions.page(address)];
  }

  /**
   * {@return what the audit knows of an address in a slab, as the end of a sentence, or nothing}
   */
  String history(long address) {
    int slab = audit.isOn() ? slab(address) : 0;
    int object = audit.isOn() ? slabs.indexOf(slab, address) : Slabs.NONE;
    return object >= 0 && object < geometry.objects() ? "; " + audit.tell(slab, object) : "";
  }

  /** {@return the number of the operation that allocated a live object; 0 without an audit} */
  long allocation(long object) {
    int slab = slab(object);
    return audit.isOn() ? audit.allocation(slab, slabs.indexOf(slab, object)) : 0;
  }

  private void give(CpuMagazines magazines, long object) {
    if (!magazines.enter()) {
      giveDirect(object);
    } else if (magazines.push(object)) {
      magazines.leave();
    } else {
      unload(magazines, object);
    }
  }

  private void bury(int cpu, long object) {
    guard.bury(object);
    if (audit.isOn()) {
      int slab = slab(object);
      audit.freed(slab, slabs.indexOf(slab, object), cpu);
    }
  }

  private void wake(CpuMagazines magazines, int cpu, long object) {
    boolean sound = false;
    try {
      guard.wake(object);
      sound = true;
      if (audit.isOn()) {
        int slab = slab(object);
        audit.allocated(slab, slabs.indexOf(slab, object), cpu);
      }
    } finally {
      if (!sound) { // reported once, and mended
        guard.bury(object);
        give(magazines, object);
      }
    }
  }

  // ------------------------------------------------------------------------- magazines and depot

  private long reload(CpuMagazines magazines) {
    long object;
    try {
      if (magazines.previousIsFull()) {
        magazines.swap();
      } else if (!exchange(magazines)) {
        fill(magazines);
      }
      object = magazines.pop();
    } finally {
      magazines.leave();
    }
    maintain();
    return object;
  }

  private boolean exchange(CpuMagazines magazines) {
    long[] full = depot.exchangeEmpty(magazines.previous());
    if (full.length == 0) {
      return false;
    }
    magazines.load(full, full.length);
    return true;
  }

  private void fill(CpuMagazines magazines) {
    if (magazines.loaded().length == 0) {
      magazines.load(new long[depot.rounds()], 0);
    }
    long[] magazine = magazines.loaded();
    int rounds = slabs.take(magazine, magazine.length);
    while (rounds == 0 && grow()) {
      rounds = slabs.take(magazine, magazine.length);
    }
    magazines.filled(rounds);
  }

  private void unload(CpuMagazines magazines, long object) {
    try {
      if (magazines.previousHasRoom()) {
        magazines.swap();
      } else {
        magazines.load(emptyMagazine(magazines), 0);
      }
      magazines.push(object);
    } finally {
      magazines.leave();
    }
    maintain();
  }

  private long[] emptyMagazine(CpuMagazines magazines) {
    long[] empty = depot.exchangeFull(magazines.takePrevious());
    return empty.length == 0 ? new long[depot.rounds()] : empty;
  }

  private void maintain() {
    if (depot.due()) {
      quietly(() -> reapExcess(EMPTIES_KEPT));
    }
  }

  /* What is given back on the way of another call must not fail that call: it is kept and counted. */
  private void quietly(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) { // of the tier below, or of a client's destructor
      space.refusals.incrementAndGet();
    }
  }

  // -------------------------------------------------------------------------------------- slabs

  private long takeDirect() {
    long object = slabs.takeOne();
    while (object == 0 && grow()) {
      object = slabs.takeOne();
    }
    directTakes.addAndGet(object == 0 ? 0 : 1);
    return object;
  }

  private void giveDirect(long object) {
    slabs.give(object);
    directGives.incrementAndGet();
    shedSurplus();
  }

  private void shedSurplus() {
    if (slabs.empties() > EMPTIES_KEPT) {
      quietly(() -> maker.shed(EMPTIES_KEPT));
    }
  }

  /** {@return whether it is worth looking for a free object again} */
  private boolean grow() {
    if (maker.add()) {
      return true;
    }
    space.reclaim();
    if (slabs.seemsToHaveFree() || maker.add()) {
      return true;
    }
    fails.incrementAndGet();
    return false;
  }

  // --------------------------------------------------------------------------------------- cold

  /** Sends what the CPUs' magazines hold to the slabs; passes by who is busy. */
  void drain() {
    flush();
    shedSurplus();
  }

  private void flush() {
    for (CpuMagazines magazines : cpus) {
      if (magazines.enter()) {
        slabs.give(magazines.loaded(), magazines.count());
        slabs.give(magazines.previous(), magazines.previousCount());
        magazines.emptied();
        magazines.leave();
      }
    }
  }

  private void emptyDepot(int most) {
    long[] magazine = most == 0 ? CpuMagazines.NONE : depot.takeFull();
    for (int left = most; magazine.length != 0; ) {
      slabs.give(magazine, magazine.length);
      magazine = --left == 0 ? CpuMagazines.NONE : depot.takeFull();
    }
  }

  /** Sends every free object to the slabs. */
  void flushAll() {
    flush();
    emptyDepot(Integer.MAX_VALUE);
    depot.dropEmpties();
  }

  /** Sends every free object home, and the pages of empty slabs. */
  void reapAll() {
    reaps.incrementAndGet();
    flushAll();
    maker.shed(0);
  }

  /** Ends the depot's interval, and sends home what was beyond the working set. */
  void reapExcess(int keep) {
    reaps.incrementAndGet();
    emptyDepot(depot.endInterval());
    maker.shed(keep);
  }

  /** Allows no more allocations; all slabs have been given up. */
  void close() {
    closed = true;
    space.caches.remove(this);
  }

  boolean isClosed() {
    return closed;
  }

  short id() {
    return shape.id();
  }

  /** {@return whether clients made this cache} */
  boolean isNamed() {
    return shape.named();
  }

  /** {@return the name in figures and messages, unique in the heap} */
  String label() {
    return shape.label();
  }

  CpuMagazines[] cpus() {
    return cpus;
  }

  long allocations() {
    long sum = directTakes.get();
    for (CpuMagazines magazines : cpus) {
      sum += magazines.pops();
    }
    return sum;
  }

  long frees() {
    long sum = directGives.get();
    for (CpuMagazines magazines : cpus) {
      sum += magazines.pushes();
    }
    return sum;
  }

  long fails() {
    return fails.get();
  }

  long reaps() {
    return reaps.get();
  }
}
