package heap.zone;

import hardware.api.Window;
import heap.api.BackedSpans;
import heap.api.HeapContext;
import java.util.concurrent.atomic.AtomicLong;

/** The parts of one heap, put together. Safe for use by several threads. */
final class ZoneSpace {
  final ZoneSettings settings;
  final Window window;
  final BackedSpans spans;
  final int cpus;
  final int pageBytes;
  final Regions regions;
  final Bitmaps bitmaps = new Bitmaps();
  final Ledger ledger;
  final Entropy entropy;
  final AddressSource addresses;
  final LargeBlocks large;
  final Gc gc;
  final Zones zones;

  /** How often something threw when memory was given back on the way of another call. */
  final AtomicLong refusals = new AtomicLong();

  ZoneSpace(HeapContext context, ZoneSettings settings) {
    this.settings = settings;
    this.window = context.window();
    this.spans = context.spans();
    this.cpus = context.cpus();
    this.pageBytes = spans.pageBytes();
    this.regions = new Regions(window.base(), pageBytes);
    this.ledger = new Ledger(settings.footprintLimit());
    this.entropy = new Entropy(settings.seed());
    this.addresses = new AddressSource(spans, regions, settings, entropy);
    this.large = new LargeBlocks(this);
    this.gc = new Gc(this);
    this.zones = new Zones(this);
  }

  /** {@return whether so many pages from an address on have frames now} */
  boolean populate(long address, int pages) {
    long bytes = (long) pages * pageBytes;
    if (!ledger.promise(bytes)) {
      return false;
    }
    boolean done = false;
    try {
      done = spans.populate(address, bytes);
    } finally {
      if (!done) {
        ledger.cancel(bytes);
      }
    }
    if (done) {
      ledger.imported(bytes);
    }
    return done;
  }

  /** Gives the frames of pages back; their addresses stay. */
  void depopulate(long address, int pages) {
    long bytes = (long) pages * pageBytes;
    spans.depopulate(address, bytes);
    ledger.released(bytes);
  }

  /* What is given back on the way of another call must not fail that call: it is kept and counted. */
  void quietly(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) { // of the tier below, or of a client's destructor
      refusals.incrementAndGet();
    }
  }

  /** {@return the bytes held in which no live block lies, roughly while calls are under way} */
  long idleBytes() {
    long idle = ledger.held() - large.bytes();
    for (Zone zone : zones.all()) {
      idle -= zone.live() * zone.shape.geometry().elemSize();
    }
    return idle;
  }
}
