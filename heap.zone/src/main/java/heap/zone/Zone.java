package heap.zone;

import allocator.api.MisuseException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A zone: elements of one type or size. The size classes and the zones that clients make are both
 * such. Safe for use by several threads.
 */
final class Zone {
  private static final ZoneCache[] NO_CACHES = new ZoneCache[0];

  final ZoneShape shape;
  final Chunks chunks;
  final ZoneLock lock = new ZoneLock();
  final Contention contention;
  final Recirculation recirculation;
  final Expander expander;
  final Reclaimer reclaimer;
  final WorkingSet workingSet;
  private final ZoneSpace space;
  private final Regions regions;
  private final int cpus;
  private final int rounds;
  private final boolean alone; // no two elements share a byte of live marks
  private final AtomicLong fails = new AtomicLong();
  private long takes; // under the lock, as the next
  private long gives;
  private volatile ZoneCache[] caches = NO_CACHES;
  private volatile boolean closed;

  Zone(ZoneSpace space, ZoneShape shape) {
    this.space = space;
    this.shape = shape;
    this.regions = space.regions;
    this.cpus = space.cpus;
    this.rounds = space.settings.magazineRounds();
    this.alone = shape.geometry().elemSize() >= Region.ALONE;
    this.chunks = new Chunks(shape, regions, space.bitmaps);
    this.contention = new Contention(space.cpus);
    this.recirculation = new Recirculation(contention, rounds);
    this.expander = new Expander(space, this);
    this.reclaimer = new Reclaimer(space, this);
    this.workingSet = new WorkingSet(space, this);
    if (space.settings.caching() == ZoneSettings.Caching.ALWAYS) {
      enableCaching();
    }
  }

  // ---------------------------------------------------------------------------------------- hot

  /** {@return the address of an element, live now, or 0 if memory is exhausted} */
  long allocate(int cpu) {
    Objects.checkIndex(cpu, cpus);
    ZoneCache[] now = caches;
    long element = now.length == 0 ? take() : takeCached(now[cpu]);
    if (element != 0) {
      regions.find(element).born(regions.offset(element), alone);
    }
    return element;
  }

  private long takeCached(ZoneCache cache) {
    if (!cache.enter()) {
      return take();
    }
    long element = cache.pop();
    if (element == 0) {
      return reload(cache);
    }
    cache.leave();
    return element;
  }

  /**
   * Frees an element.
   *
   * @param cpu index of the calling CPU
   * @param address what is said to be a live element of this zone
   * @param region the address's region, in which its page is this zone's
   * @throws MisuseException if no live element begins at the address
   */
  void free(int cpu, long address, Region region) {
    Objects.checkIndex(cpu, cpus); // before anything has changed
    if (!region.died(regions.offset(address))) {
      throw notLive(address);
    }
    give(cpu, address);
  }

  private void give(int cpu, long address) {
    ZoneCache[] now = caches;
    if (now.length == 0 || !now[cpu].enter()) {
      giveBack(address);
    } else if (now[cpu].push(address)) {
      now[cpu].leave();
    } else {
      unload(now[cpu], address);
    }
  }

  MisuseException notLive(long address) {
    int page = regions.page(address);
    long meta = regions.meta(page);
    boolean chunk = PageMeta.length(meta) != PageMeta.GUARD;
    long first = regions.address(chunk ? chunks.first(address) : page);
    long offset = address - first - shape.geometry().offset();
    boolean begins = chunk && offset >= 0 && offset % shape.geometry().elemSize() == 0;
    return Faults.notLive(address, this, begins);
  }

  // ------------------------------------------------------------------------------------ from
  // chunks

  private void enterCounting() {
    if (!lock.tryEnter()) {
      contention.met();
      lock.enter();
    }
  }

  private long take() {
    long element = takeOne();
    while (element == 0 && grow()) {
      element = takeOne();
    }
    workingSet.tick();
    return element;
  }

  private long takeOne() {
    enterCounting();
    try {
      long element = chunks.take();
      takes += element == 0 ? 0 : 1;
      return element;
    } finally {
      lock.leave();
    }
  }

  private void giveBack(long address) {
    enterCounting();
    try {
      chunks.give(address);
      gives++;
    } finally {
      lock.leave();
    }
    workingSet.tick();
  }

  /** {@return whether it is worth looking for a free element again} */
  private boolean grow() {
    if (expander.expand()) {
      return true;
    }
    space.gc.exhausted();
    if (chunks.elemsFree() > 0 || expander.expand()) {
      return true;
    }
    fails.incrementAndGet();
    return false;
  }

  // ------------------------------------------------------------------------- magazines and depots

  private long reload(ZoneCache cache) {
    long element;
    try {
      if (cache.freeCount() > 0) {
        cache.swap();
      } else if (!exchangeEmpty(cache)) {
        fill(cache);
      }
      element = cache.pop();
    } finally {
      cache.leave();
    }
    return element == 0 ? take() : element;
  }

  private boolean exchangeEmpty(ZoneCache cache) {
    int most = workingSet.depotMost();
    if (most == 0) {
      recirculation.reload(cache);
      return cache.allocCount() > 0;
    }
    if (cache.full.size() == 0) {
      recirculation.refill(cache, most);
    }
    boolean some = cache.full.size() > 0;
    if (some) {
      cache.empty.addLast(cache.replaceAlloc(cache.full.removeFirst()));
    }
    return some;
  }

  private void fill(ZoneCache cache) {
    long[] magazine = cache.alloc();
    int count = 0;
    enterCounting();
    try {
      for (long element = chunks.take(); element != 0; ) {
        magazine[count++] = element;
        element = count < magazine.length ? chunks.take() : 0;
      }
    } finally {
      lock.leave();
      cache.filled(count);
    }
    workingSet.tick();
  }

  private void unload(ZoneCache cache, long address) {
    try {
      if (cache.allocCount() < rounds) {
        cache.swap();
      } else {
        exchangeFull(cache);
      }
      cache.push(address);
    } finally {
      cache.leave();
    }
    workingSet.tick();
  }

  private void exchangeFull(ZoneCache cache) {
    int most = workingSet.depotMost();
    if (most == 0) {
      recirculation.unload(cache);
      return;
    }
    if (cache.empty.size() == 0) {
      recirculation.relieve(cache, most);
    }
    long[] empty = cache.empty.size() > 0 ? cache.empty.removeFirst() : new long[rounds];
    cache.full.addLast(cache.replaceFree(empty));
  }

  /** Gives the zone per-CPU magazines, for good. */
  void enableCaching() {
    ZoneCache[] now = new ZoneCache[space.cpus];
    for (int i = 0; i < now.length; i++) {
      now[i] = new ZoneCache(rounds);
    }
    contention.restart(0);
    caches = now;
  }

  // --------------------------------------------------------------------------------------- cold

  /** Sends what the CPUs hold to the zone; passes by who is busy. */
  void flushCpus() {
    for (ZoneCache cache : caches) {
      if (cache.enter()) {
        reclaimer.give(cache.alloc(), cache.allocCount());
        reclaimer.give(cache.free(), cache.freeCount());
        cache.emptied();
        recirculation.trimDepot(cache, 0);
        cache.leave();
      }
    }
  }

  /** Cuts the CPUs' depots down to a number of magazines. */
  void trimDepots(int most) {
    for (ZoneCache cache : caches) {
      if (cache.enter()) {
        recirculation.trimDepot(cache, most);
        cache.leave();
      }
    }
  }

  void closed(boolean now) {
    closed = now;
  }

  boolean isClosed() {
    return closed;
  }

  boolean isCaching() {
    return caches.length != 0;
  }

  ZoneCache[] caches() {
    return caches;
  }

  String name() {
    return shape.name();
  }

  long allocations() {
    long sum = takes;
    for (ZoneCache cache : caches) {
      sum += cache.pops();
    }
    return sum;
  }

  long frees() {
    long sum = gives;
    for (ZoneCache cache : caches) {
      sum += cache.pushes();
    }
    return sum;
  }

  /** {@return the elements that clients hold, roughly while calls are under way} */
  long live() {
    return Math.max(0, allocations() - frees());
  }

  long wiredBytes() {
    return chunks.wired() << regions.pageShift;
  }

  long fails() {
    return fails.get();
  }
}
