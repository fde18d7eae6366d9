package kernel.backing;

import allocator.api.Settings;
import allocator.api.Tier;
import hardware.api.AddressSpace;
import hardware.api.FrameSource;
import hardware.api.Machine;
import hardware.api.map.FirmwareMap;
import hardware.api.map.MapOptions;
import hardware.api.map.SanitisedMap;
import hardware.sim.SimMachineFactory;
import hardware.sim.map.SimFirmwareMaps;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import kernel.api.ProviderInfo;
import kernel.slot.Binding;
import kernel.slot.FrameSlot;
import physmem.api.FrameContext;
import physmem.api.FrameEngine;
import physmem.api.FrameSpan;
import physmem.buddy.BuddyProvider;
import vmem.api.AddressArena;
import vmem.api.AddressContext;
import vmem.api.AddressEngine;
import vmem.api.ArenaSpec;
import vmem.arena.ArenaProvider;

/** What backed spans stand on: a real machine with little RAM, a buddy allocator, an arena. */
final class Ground implements AutoCloseable {
  static final int PAGE = 4096;
  static final long WINDOW_BYTES = 64L << 20;

  final Machine machine;
  final FrameEngine engine;
  final FrameMeter meter;
  final MeteredTables tables;
  final AddressSpace space;
  final AddressArena arena;
  final FaultyWindow window;
  final HeapSpans spans;
  final BackingPolicy policy;
  private final AddressEngine addresses;
  private final long freeAtFirst;

  Ground(long ramBytes, int clusterOrder, long lazyPages) {
    this.machine = machine(ramBytes);
    List<FrameSpan> frames = List.of(new FrameSpan(0, ramBytes / PAGE, 0));
    this.engine =
        new BuddyProvider().open(new Frames(machine, frames), Settings.none("physmem.buddy"));
    ProviderInfo info = new ProviderInfo(Tier.PHYSMEM, "buddy", "buddy", "physmem.buddy", "1", 0);
    EngineMemory memory = new EngineMemory(machine.memory());
    FrameSlot slot = new FrameSlot(new Binding<>(info, engine, engine, memory), 0);
    this.meter = new FrameMeter(slot.open(0), () -> false);
    this.tables = new MeteredTables(meter);
    this.freeAtFirst = engine.freeFrames();
    this.space = machine.createAddressSpace(tables);
    this.addresses = new ArenaProvider().open(new Addresses(machine), Settings.none("vmem.arena"));
    this.arena = addresses.createArena(ArenaSpec.of("heap", PAGE));
    arena.addSpan(space.kernelBase(), WINDOW_BYTES);
    this.window = new FaultyWindow(space.openWindow(space.kernelBase(), WINDOW_BYTES));
    this.policy = new BackingPolicy(12, clusterOrder, lazyPages);
    this.spans = new HeapSpans(arena, space, window, meter, policy, () -> false);
  }

  private static Machine machine(long bytes) {
    SimFirmwareMaps maps = new SimFirmwareMaps();
    String line = "BIOS-e820: [mem 0x%016x-0x%016x] usable".formatted(0, bytes - 1);
    FirmwareMap map = maps.read("test", List.of(line), MapOptions.DEFAULTS);
    SanitisedMap sane = maps.sanitise(map, MapOptions.DEFAULTS);
    return new SimMachineFactory().build(sane, new Settings("machine", Map.of("cpus", "2")));
  }

  /** Frames that are neither free nor the root table's. */
  long framesOut() {
    return freeAtFirst - engine.freeFrames() - 1;
  }

  @Override
  public void close() {
    addresses.close();
    engine.close();
    machine.close();
  }

  /** The source of page tables' frames, which can be told to run dry. */
  static final class MeteredTables implements FrameSource {
    private final FrameMeter meter;
    long left = Long.MAX_VALUE;

    MeteredTables(FrameMeter meter) {
      this.meter = meter;
    }

    @Override
    public long take() {
      if (left == 0) {
        return NONE;
      }
      left--;
      return meter.takeTable();
    }

    @Override
    public void give(long frame) {
      meter.giveTable(frame);
    }
  }

  private record Frames(Machine machine, List<FrameSpan> present) implements FrameContext {
    @Override
    public int pageBytes() {
      return PAGE;
    }

    @Override
    public int cpus() {
      return machine.cpus();
    }

    @Override
    public List<FrameSpan> free() {
      return present;
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
      return PAGE;
    }

    @Override
    public MemorySegment reserveMetadata(long bytes) {
      return machine.memory().reserveMetadata(bytes);
    }
  }
}
