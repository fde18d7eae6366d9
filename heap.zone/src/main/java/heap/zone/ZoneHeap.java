package heap.zone;

import allocator.api.RangeVisitor;
import allocator.api.Settings;
import allocator.api.Statistic;
import hardware.api.Window;
import heap.api.CacheSpec;
import heap.api.HeapContext;
import heap.api.HeapEngine;
import heap.api.ObjectCache;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

// ESSAY

/**
 * A heap of zones, one for each size class and one for each type that a client names. Blocks are
 * aligned to 16 bytes; those of a size class that is a power of two to their class, up to a page.
 * Safe for use by several threads, also with the same CPU index.
 */
public final class ZoneHeap implements HeapEngine {
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
    if (Long.bitCount(align) != 1 || align < 0) {
      throw new IllegalArgumentException("alignment " + align + " is not a power of two");
    }
    long least = Math.max(align, bytes);
    if (align > space.pageBytes || least > largest) {
      return large.allocate(bytes, align);
    }
    int index = classes.of(least);
    while (index < general.length && general[index].shape.geometry().align() < align) {
      index++; // a power of two is aligned to its size
    }
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
    HeapEngine.super.freeBulk(cpu, addresses, from, count);
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
      default -> HeapEngine.super.report(name);
    };
  }

  /** What is held from below is the kernel's to take; the metadata goes with this object. */
  @Override
  public void close() {}
}
