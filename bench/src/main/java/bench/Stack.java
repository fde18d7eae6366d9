package bench;

import allocator.api.Settings;
import allocator.api.Tier;
import hardware.api.AddressSpace;
import hardware.api.FrameSource;
import hardware.api.HostWindow;
import hardware.api.Machine;
import hardware.api.Window;
import hardware.api.map.FirmwareMap;
import hardware.api.map.MapOptions;
import hardware.sim.SimMachineFactory;
import hardware.sim.map.SimFirmwareMaps;
import heap.api.BackedSpans;
import heap.api.HeapContext;
import heap.api.HeapEngine;
import heap.dl.DlProvider;
import java.lang.foreign.MemorySegment;
import java.util.List;
import kernel.api.ProviderInfo;
import kernel.backing.BackingPolicy;
import kernel.backing.EngineMemory;
import kernel.backing.FrameMeter;
import kernel.backing.HeapSpans;
import kernel.backing.OwnedSpans;
import kernel.backing.PageOwners;
import kernel.lodge.Lodgers;
import kernel.slot.AddressBinding;
import kernel.slot.AddressSlot;
import kernel.slot.Binding;
import kernel.slot.FrameSlot;
import kernel.slot.HeapBinding;
import kernel.slot.HeapSlot;
import physmem.api.FrameContext;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.FrameSpan;
import physmem.buddy.BuddyProvider;
import vmem.api.AddressArena;
import vmem.api.AddressContext;
import vmem.api.ArenaSpec;
import vmem.arena.ArenaProvider;

/**
 * The default stack on the default machine, put together without a framework: the same engines,
 * slots and backing that the kernel boots, with every setting at its default.
 *
 * <p>Closing it switches the machine off. Not safe for use by several threads.
 */
final class Stack implements AutoCloseable {
  // The map and the figures are those of the distribution: qemu-pc-512m.txt and the kernel's own.
  private static final List<String> MAP =
      List.of(
          "BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable",
          "BIOS-e820: [mem 0x000000000009fc00-0x000000000009ffff] reserved",
          "BIOS-e820: [mem 0x00000000000f0000-0x00000000000fffff] reserved",
          "BIOS-e820: [mem 0x0000000000100000-0x000000001ffdffff] usable",
          "BIOS-e820: [mem 0x000000001ffe0000-0x000000001fffffff] reserved",
          "BIOS-e820: [mem 0x00000000fffc0000-0x00000000ffffffff] reserved");
  private static final long IMAGE_START = 16L << 20;
  private static final long IMAGE_BYTES = 2L << 20;
  private static final long WINDOW_BYTES = 1L << 30;
  private static final int CLUSTER_ORDER = 4;
  private static final long LAZY_BYTES = 32L << 20;
  private static final long READY_BYTES = 64L << 20;

  final Machine machine;
  final AddressSpace space;
  final FrameEngine frameEngine;
  final FrameSlot frames;
  final AddressSlot addresses;
  final HeapEngine heapEngine;
  final HeapSlot heap;
  private final HostWindow window;

  /** Builds the machine and opens the tiers on it. */
  Stack() {
    machine = new SimMachineFactory().build(map(), Settings.none("machine"));
    frameEngine = new BuddyProvider().open(new Frames(machine), Settings.none("physmem.buddy"));
    EngineMemory ledger = new EngineMemory(machine.memory());
    frames =
        new FrameSlot(
            new Binding<>(info(Tier.PHYSMEM, "buddy"), frameEngine, frameEngine, ledger), 0);
    FrameMeter meter = new FrameMeter(frames.open(0), () -> false);
    space = machine.createAddressSpace(new TableFrames(meter));
    var engine = new ArenaProvider().open(new Addresses(machine), Settings.none("vmem.arena"));
    addresses =
        new AddressSlot(new AddressBinding(info(Tier.VMEM, "arena"), engine, engine, ledger), 0);
    AddressArena arena = addresses.createArena(ArenaSpec.of("heap", pageBytes()));
    arena.addSpan(space.kernelBase(), WINDOW_BYTES);
    window = space.openWindow(space.kernelBase(), WINDOW_BYTES);
    HeapSpans spans = new HeapSpans(arena, space, window, meter, policy(), () -> false);
    Lodgers lodgers =
        new Lodgers(new PageOwners(space.kernelBase(), WINDOW_BYTES, policy().pageShift()));
    OwnedSpans own = new OwnedSpans(spans, lodgers.owners(), lodgers.takeNumber());
    heapEngine =
        new DlProvider().open(new Memory(machine, own, window.window()), Settings.none("heap.dl"));
    ready(meter);
    heap =
        new HeapSlot(
            new HeapBinding(info(Tier.HEAP, "dl"), heapEngine, heapEngine, ledger, own),
            spans,
            window.window(),
            lodgers,
            () -> "",
            0);
  }

  private static hardware.api.map.SanitisedMap map() {
    SimFirmwareMaps maps = new SimFirmwareMaps();
    FirmwareMap map = maps.read("qemu-pc-512m", MAP, MapOptions.DEFAULTS);
    return maps.sanitise(map, MapOptions.DEFAULTS);
  }

  private static ProviderInfo info(Tier tier, String name) {
    return new ProviderInfo(tier, name, name, name, "0", 0);
  }

  private BackingPolicy policy() {
    int shift = Integer.numberOfTrailingZeros(pageBytes());
    return new BackingPolicy(shift, CLUSTER_ORDER, LAZY_BYTES >>> shift);
  }

  /** Has the host supply the frames that the heap will take first, as the kernel does at boot. */
  private void ready(FrameMeter meter) {
    long[] blocks = new long[(int) (READY_BYTES / pageBytes()) >> CLUSTER_ORDER];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = meter.takeBacking(CLUSTER_ORDER, FrameFlags.UNMOVABLE);
      machine.memory().supply(blocks[i], 1L << CLUSTER_ORDER);
    }
    for (int i = blocks.length - 1; i >= 0; i--) {
      meter.giveBacking(blocks[i], CLUSTER_ORDER);
    }
    meter.resetPeaks();
  }

  int pageBytes() {
    return machine.memory().pageBytes();
  }

  @Override
  public void close() {
    heapEngine.close();
    window.close();
    machine.close();
  }

  /** Page tables take their frames from the physmem slot. */
  private record TableFrames(FrameMeter meter) implements FrameSource {
    @Override
    public long take() {
      return meter.takeTable();
    }

    @Override
    public void give(long frame) {
      meter.giveTable(frame);
    }
  }

  private record Frames(Machine machine) implements FrameContext {
    @Override
    public int pageBytes() {
      return machine.memory().pageBytes();
    }

    @Override
    public int cpus() {
      return machine.cpus();
    }

    @Override
    public List<FrameSpan> present() {
      int page = pageBytes();
      return machine.map().usable().stream()
          .map(span -> new FrameSpan(span.start() / page, span.size() / page, 0))
          .toList();
    }

    /** What is present, but page 0 and a kernel's image. */
    @Override
    public List<FrameSpan> free() {
      long low = IMAGE_START / pageBytes();
      long high = low + IMAGE_BYTES / pageBytes();
      return present().stream()
          .flatMap(span ->
              span.start() <= low && span.end() >= high
                  ? java.util.stream.Stream.of(
                      new FrameSpan(span.start(), low - span.start(), 0),
                      new FrameSpan(high, span.end() - high, 0))
                  : java.util.stream.Stream.of(
                      new FrameSpan(
                          Math.max(1, span.start()), span.end() - Math.max(1, span.start()), 0)))
          .toList();
    }

    @Override
    public MemorySegment reserveMetadata(long bytes) {
      return machine.memory().reserveMetadata(bytes);
    }
  }

  private record Addresses(Machine machine) implements AddressContext {
    @Override
    public int cpus() {
      return machine.cpus();
    }

    @Override
    public int pageBytes() {
      return machine.memory().pageBytes();
    }

    @Override
    public MemorySegment reserveMetadata(long bytes) {
      return machine.memory().reserveMetadata(bytes);
    }
  }

  private record Memory(Machine machine, BackedSpans spans, Window window) implements HeapContext {
    @Override
    public int cpus() {
      return machine.cpus();
    }

    @Override
    public MemorySegment reserveMetadata(long bytes) {
      return machine.memory().reserveMetadata(bytes);
    }
  }
}
