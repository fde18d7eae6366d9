package heap.slab;

import hardware.api.Window;
import heap.api.BackedSpans;
import heap.api.HeapContext;
import java.util.concurrent.atomic.AtomicLong;

/** The parts of one heap, put together. Safe for use by several threads. */
final class SlabSpace {
  final SlabSettings settings;
  final Window window;
  final BackedSpans spans;
  final int cpus;
  final int pageBytes;
  final Regions regions;
  final Ledger ledger;
  final Extents extents;
  final Caches caches;
  final LargeBlocks large;

  /** How often the tier below threw when memory was given back on the way of another call. */
  final AtomicLong refusals = new AtomicLong();

  /** Allocations and frees, counted if there is an audit. */
  final AtomicLong operations = new AtomicLong();

  private final AtomicLong reclaims = new AtomicLong();

  SlabSpace(HeapContext context, SlabSettings settings) {
    this.settings = settings;
    this.window = context.window();
    this.spans = context.spans();
    this.cpus = context.cpus();
    this.pageBytes = spans.pageBytes();
    this.regions = new Regions(window.base(), pageBytes);
    this.ledger = new Ledger(settings.footprintLimit());
    this.extents = new Extents(spans, regions, ledger, refusals, settings.extentBytes());
    this.caches = new Caches(this);
    this.large = new LargeBlocks(this);
  }

  /** Sends everything home that is not live, since memory is exhausted. */
  void reclaim() {
    reclaims.incrementAndGet();
    for (SlabCache cache : caches.open()) {
      cache.reapAll();
    }
    extents.trim(0);
  }

  /**
   * Gives memory back: what is beyond the working sets of the depots, and if that leaves more idle
   * than is to be kept, the working sets as well, cache by cache.
   *
   * @param keep idle bytes to keep
   * @return the bytes given back
   */
  long trim(long keep) {
    long before = ledger.held();
    extents.keep(keep);
    try {
      trimTo(keep);
    } finally {
      extents.keep(0);
    }
    return Math.max(0, before - ledger.held());
  }

  private void trimTo(long keep) {
    for (SlabCache cache : caches.open()) {
      cache.reapExcess(0);
    }
    extents.trim(keep);
    for (SlabCache cache : caches.open()) {
      if (idleBytes() > keep) {
        cache.reapAll();
        extents.trim(keep);
      }
    }
  }

  /** {@return the bytes held in which no live block lies, roughly while calls are under way} */
  private long idleBytes() {
    long idle = ledger.held() - large.bytes();
    for (SlabCache cache : caches.open()) {
      idle -= (cache.allocations() - cache.frees()) * cache.geometry.stride();
    }
    return idle;
  }

  long reclaims() {
    return reclaims.get();
  }
}
