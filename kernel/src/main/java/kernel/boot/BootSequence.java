package kernel.boot;

import allocator.api.Allocator;
import allocator.api.Settings;
import allocator.api.Tier;
import hardware.api.AddressSpace;
import hardware.api.HostWindow;
import hardware.api.Machine;
import hardware.api.PageFlags;
import hardware.api.Window;
import hardware.api.map.AddressRange;
import hardware.api.map.BootMap;
import heap.api.HeapEngine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import kernel.api.BootException;
import kernel.api.BootSpec;
import kernel.api.ProviderInfo;
import kernel.backing.BackingPolicy;
import kernel.backing.EngineMemory;
import kernel.backing.FrameMeter;
import kernel.backing.HeapSpans;
import kernel.backing.OwnedSpans;
import kernel.backing.PageOwners;
import kernel.config.SettingsCatalog;
import kernel.lodge.Lodgers;
import kernel.slot.AddressBinding;
import kernel.slot.AddressSlot;
import kernel.slot.Binding;
import kernel.slot.FrameSlot;
import kernel.slot.HeapBinding;
import kernel.slot.HeapSlot;
import kernel.swap.Coordinator;
import kernel.swap.SwapLimits;
import physmem.api.FrameEngine;
import physmem.api.FrameSpan;
import physmem.api.FrameZone;
import vmem.api.AddressArena;
import vmem.api.AddressEngine;
import vmem.api.ArenaSpec;

/** The boot of one system on a machine that is switched on; each step is a line of the boot log. */
final class BootSequence {
  /*
   * The order, and the circles it breaks:
   *
   * 1. early   The RAM of the map becomes an early frame allocator, two arrays of ranges. It reserves
   *            page 0 and the kernel's own image.
   * 2. tables  The kernel's root table and the linear map of all RAM are built from early frames:
   *            page tables need frames before there is a frame allocator.
   * 3. physmem The frame engine is opened over RAM less what is reserved. Its metadata lies outside
   *            of simulated RAM, so it needs no frame itself. From here on page tables take their
   *            frames from the physmem slot: the hand-over.
   * 4. vmem    The address engine is opened, its arenas get the kernel's ranges. It hands out
   *            addresses only; nothing is mapped.
   * 5. heap    The heap engine is opened on backed spans, which join the two: addresses from the
   *            vmem slot, frames from the physmem slot, entries in the kernel's tables. It imports
   *            nothing until the first allocation.
   */

  private static final long LOW_IMAGE = 16L << 20; // where x86 Linux is loaded by default
  private static final int SMALL_SHARE = 64; // on a small machine the image is RAM / 64
  private static final long MIN_WINDOW = 1L << 38; // for allocators that never use an address again
  private static final long DEFAULT_STEP_MILLIS = 5_000; // a million ranges take one or two
  private static final long DEFAULT_RETIRE_MILLIS = 60_000; // ten million lodgers take seconds
  private static final long DEFAULT_VACANT_MILLIS = 5_000; // an update by hand takes about so long
  private static final long MOST_MILLIS = 3_600_000;
  private static final int READY_SHARE = 4; // a small machine makes a quarter of its RAM ready
  private static final long DEFAULT_READY = 64L << 20; // what most programs' heaps stay below
  private static final int MAX_CLUSTER_ORDER = 6; // a cluster's pages are the bits of one word

  private final ProviderRegistry registry;
  private final SettingsCatalog catalog;
  private final BootSpec spec;
  private final BootMap map;
  private final Machine machine;
  private final Settings settings;
  private final List<String> log = new ArrayList<>();
  private final Deque<Allocator> engines = new ArrayDeque<>();

  BootSequence(
      ProviderRegistry registry,
      SettingsCatalog catalog,
      BootSpec spec,
      BootMap map,
      Machine machine) {
    this.map = map;
    this.registry = registry;
    this.catalog = catalog;
    this.spec = spec;
    this.machine = machine;
    this.settings = catalog.resolve("kernel", spec.settings());
  }

  /** Boots; engines that were opened are closed again if a later step fails. */
  StackedSystem run() {
    try {
      return boot();
    } catch (RuntimeException | Error e) {
      closeEngines(e);
      throw e;
    }
  }

  private void closeEngines(Throwable cause) {
    Shutdown shutdown = new Shutdown();
    engines.forEach(engine -> shutdown.step(engine::close));
    try {
      shutdown.end();
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  // Notes an engine as one to close if the boot fails, the newest first.
  private <E extends Allocator> E opened(E engine) {
    engines.push(engine);
    return engine;
  }

  private StackedSystem boot() {
    note("machine", machine.description());
    map.findings().forEach(finding -> note("linux", finding.message()));
    EarlyFrames early = early();
    TableFrames tableFrames = new TableFrames(early);
    AddressSpace space = tables(early, tableFrames);
    EngineFactory engines =
        new EngineFactory(
            registry, catalog, spec.settings(), machine, present(), early.free(), zones());
    FrameSlot frames = physmem(engines, early);
    FrameMeter meter = new FrameMeter(frames.open(0), frames::isVacant);
    tableFrames.handOver(meter);
    note("hand-over", "page tables take their frames from physmem from here on");
    AddressSlot addresses = vmem(engines);
    AddressArena heapArena = heapArena(addresses, space);
    HostWindow window = space.openWindow(space.kernelBase() + KernelLayout.HEAP, windowBytes());
    BackingPolicy policy = policy(frames);
    HeapSpans spans = new HeapSpans(heapArena, space, window, meter, policy, addresses::isVacant);
    HeapSlot heap = heap(engines, spans, frames, addresses);
    ready(meter, policy.clusterOrder());
    Tiers tiers = new Tiers(frames, addresses, heap, registry::isPresent);
    KernelMemory memory =
        new KernelMemory(space, tableFrames, meter, spans, early.reservedFrames(), presentFrames());
    Coordinator coordinator =
        new Coordinator(
            engines,
            frames,
            addresses,
            heap,
            spans,
            policy.clusterOrder(),
            limits(),
            new EventLog());
    return new StackedSystem(machine, spec.map(), tiers, memory, coordinator, log);
  }

  private SwapLimits limits() {
    long step = settings.number("swap.timeout", DEFAULT_STEP_MILLIS, 1, MOST_MILLIS);
    long retire = settings.number("retire.timeout", DEFAULT_RETIRE_MILLIS, 1, MOST_MILLIS);
    return new SwapLimits(
        TimeUnit.MILLISECONDS.toNanos(step), TimeUnit.MILLISECONDS.toNanos(retire));
  }

  private long vacantWait() {
    return settings.number("vacant.wait", DEFAULT_VACANT_MILLIS, 0, MOST_MILLIS);
  }

  private void ready(FrameMeter meter, int order) {
    long spare = machine.map().usableBytes() / READY_SHARE;
    long bytes = Math.min(settings.bytes("ready.bytes", DEFAULT_READY), spare);
    note("ready", ReadyRam.make(machine.memory(), meter, bytes, order));
  }

  private EarlyFrames early() {
    EarlyFrames early = new EarlyFrames(present());
    early.reserve(0, 1);
    int page = machine.memory().pageBytes();
    for (AddressRange range : map.reserved()) {
      early.reserve(range.start() / page, range.size() / page);
      note("linux", "keeps 0x%x-0x%x to itself".formatted(range.start(), range.end() - 1));
    }
    long image = imageFrames();
    early.preferFrom(LOW_IMAGE / page);
    long at = early.take(image, 1);
    if (at == EarlyFrames.NONE) {
      throw tooSmall("no room for the kernel's image of " + image + " frames");
    }
    note(
        "early",
        "%d ranges of RAM, page 0 and the image (%d frames from frame %d) reserved"
            .formatted(present().size(), image, at));
    return early;
  }

  private BootException tooSmall(String what) {
    return new BootException(
        "%s: %s; the map has %d bytes of usable RAM, use a map with more"
            .formatted(spec.map().name(), what, machine.map().usableBytes()));
  }

  private long imageFrames() {
    long wanted = settings.bytes("image", 2L << 20) / machine.memory().pageBytes();
    return Math.max(1, Math.min(wanted, presentFrames() / SMALL_SHARE));
  }

  private List<FrameSpan> present() {
    int page = machine.memory().pageBytes();
    return machine.map().byNode().stream()
        .map(span ->
            new FrameSpan(span.start() / page, span.size() / page, Math.max(0, span.node())))
        .toList();
  }

  private List<FrameZone> zones() {
    int page = machine.memory().pageBytes();
    return map.zones().stream()
        .map(z -> new FrameZone(z.node(), z.name(), z.start() / page, z.size() / page))
        .toList();
  }

  private long presentFrames() {
    return EarlyFrames.frames(present());
  }

  private AddressSpace tables(EarlyFrames early, TableFrames tableFrames) {
    if (early.free().isEmpty()) {
      throw tooSmall("no frame is left for the kernel's root table");
    }
    AddressSpace space = machine.createAddressSpace(tableFrames);
    if (settings.flag("direct.map", true)) {
      long linear = space.kernelBase() + KernelLayout.LINEAR;
      int page = machine.memory().pageBytes();
      for (FrameSpan span : present()) {
        mapLinear(space, linear + span.start() * page, span);
      }
    }
    note(
        "tables",
        "root 0x%x, linear map of RAM in %d table frames"
            .formatted(space.root(), space.tableFrames()));
    return space;
  }

  private void mapLinear(AddressSpace space, long address, FrameSpan span) {
    long limit = KernelLayout.LINEAR_LIMIT / machine.memory().pageBytes();
    if (span.end() > limit) {
      throw new BootException(
          "%s: RAM up to 0x%x lies above the 64 TiB that the linear map covers; boot with --set"
                  .formatted(spec.map().name(), machine.map().top())
              + " kernel:direct.map=off");
    }
    int flags = PageFlags.KERNEL_DATA | PageFlags.LARGE;
    if (!space.map(address, span.start(), span.frames(), flags)) {
      throw tooSmall("no frames for the page tables of the linear map");
    }
  }

  private FrameSlot physmem(EngineFactory engines, EarlyFrames early) {
    ProviderInfo provider = choose(Tier.PHYSMEM, "physmem");
    EngineMemory memory = engines.memory();
    FrameEngine engine = opened(engines.openFrames(provider, memory));
    note(
        "physmem",
        "%s: %d frames free, %d kept by the kernel"
            .formatted(engine.model(), engine.freeFrames(), early.reservedFrames()));
    return new FrameSlot(new Binding<>(provider, engine, engine, memory), vacantWait());
  }

  private ProviderInfo choose(Tier tier, String key) {
    return registry.find(tier, spec.providers().getOrDefault(tier, settings.text(key, "")));
  }

  private AddressSlot vmem(EngineFactory engines) {
    ProviderInfo provider = choose(Tier.VMEM, "vmem");
    EngineMemory memory = engines.memory();
    AddressEngine engine = opened(engines.openAddresses(provider, memory));
    note("vmem", engine.model());
    return new AddressSlot(new AddressBinding(provider, engine, engine, memory), vacantWait());
  }

  private AddressArena heapArena(AddressSlot addresses, AddressSpace space) {
    int page = machine.memory().pageBytes();
    AddressArena heap = addresses.createArena(ArenaSpec.of("heap", page));
    heap.addSpan(space.kernelBase() + KernelLayout.HEAP, windowBytes());
    AddressArena ranges = addresses.createArena(ArenaSpec.of("kernel", page));
    ranges.addSpan(space.kernelBase() + KernelLayout.RANGES, KernelLayout.RANGES_BYTES);
    note("arenas", "heap 0x%x + %d MiB".formatted(space.kernelBase(), windowBytes() >> 20));
    return heap;
  }

  private long windowBytes() {
    if (settings.text("heap.window", "auto").toLowerCase(Locale.ROOT).equals("auto")) {
      long wanted = Math.max(MIN_WINDOW, 2 * machine.map().usableBytes());
      return Math.min(KernelLayout.HEAP_LIMIT, Long.highestOneBit(2 * wanted - 1));
    }
    long bytes = settings.bytes("heap.window", 0);
    if (Long.bitCount(bytes) != 1
        || bytes < machine.memory().pageBytes()
        || bytes > KernelLayout.HEAP_LIMIT) {
      throw settings.bad(
          "heap.window", settings.text("heap.window", ""), "auto or a power of two up to 1T");
    }
    return bytes;
  }

  // A cluster is a block of frames and lies in the window: it is no larger than either allows.
  private BackingPolicy policy(FrameSlot frames) {
    int page = machine.memory().pageBytes();
    int wanted = (int) settings.number("cluster.order", 4, 0, MAX_CLUSTER_ORDER);
    int windowOrder = Long.numberOfTrailingZeros(windowBytes() / page);
    return new BackingPolicy(
        Integer.numberOfTrailingZeros(page),
        Math.min(Math.min(wanted, windowOrder), frames.binding().engine().maxOrder()),
        settings.bytes("lazy.bytes", 32L << 20) / page);
  }

  private HeapSlot heap(
      EngineFactory engines, HeapSpans spans, FrameSlot frames, AddressSlot addresses) {
    ProviderInfo provider = choose(Tier.HEAP, "heap");
    Window window = spans.window();
    Lodgers lodgers =
        new Lodgers(
            new PageOwners(
                window.base(), window.size(), Integer.numberOfTrailingZeros(spans.pageBytes())));
    OwnedSpans own = new OwnedSpans(spans, lodgers.owners(), lodgers.takeNumber());
    EngineMemory memory = engines.memory();
    HeapEngine engine = opened(engines.openHeap(provider, memory, own));
    note("heap", engine.model());
    return new HeapSlot(
        new HeapBinding(provider, engine, engine, memory, own),
        spans,
        window,
        lodgers,
        () -> vacantBelow(frames, addresses),
        vacantWait());
  }

  private static String vacantBelow(FrameSlot frames, AddressSlot addresses) {
    if (frames.isVacant()) {
      return Tier.PHYSMEM.label();
    }
    return addresses.isVacant() ? Tier.VMEM.label() : "";
  }

  private void note(String step, String text) {
    log.add("%-9s %s".formatted(step, text));
  }
}
