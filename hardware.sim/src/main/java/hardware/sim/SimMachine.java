package hardware.sim;

import allocator.api.AllocatorException;
import allocator.api.Settings;
import hardware.api.AddressSpace;
import hardware.api.FrameSource;
import hardware.api.HostMemoryException;
import hardware.api.Machine;
import hardware.api.map.SanitisedMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A simulated x86-64 machine: RAM in a file of the host, page tables in that RAM, an MMU per CPU.
 */
final class SimMachine implements Machine {
  private static final String FORMAT = "x86-64 4-level";
  private static final int ASIDS = 1 << 12; // process-context identifiers have 12 bits

  private final SanitisedMap map;
  private final MachineSettings settings;
  private final SimMemory memory;
  private final SimMmu mmu;
  private final BitSet asids = new BitSet(ASIDS);
  private final List<SimAddressSpace> spaces = new ArrayList<>();
  private boolean closed;

  private SimMachine(SanitisedMap map, MachineSettings settings, SimMemory memory) {
    this.map = map;
    this.settings = settings;
    this.memory = memory;
    this.mmu = new SimMmu(this, memory, settings);
  }

  /**
   * Builds a machine, after removing what dead processes left of theirs.
   *
   * @param map where RAM lies, in pages of 4 KiB
   * @param settings see {@link MachineConfig}
   * @throws HostMemoryException if the host cannot hold its RAM
   * @throws IllegalArgumentException if the map has no RAM or another page size
   */
  static SimMachine build(SanitisedMap map, Settings settings) {
    if (map.usable().isEmpty() || map.pageSize() != SimMemory.PAGE_BYTES) {
      throw new IllegalArgumentException(
          "a map of %d usable spans in pages of %d bytes cannot make an x86-64 machine: at least one span and pages of %d bytes are needed"
              .formatted(map.usable().size(), map.pageSize(), SimMemory.PAGE_BYTES));
    }
    MachineSettings chosen = MachineSettings.of(settings);
    Libc.checkHost();
    Path directory = RamDirectory.choose(settings, map.usableBytes(), map.top());
    RamDirectory.removeLeftovers(directory);
    return new SimMachine(map, chosen, SimMemory.open(new RamSpans(map), directory));
  }

  @Override
  public String description() {
    return "%s, %d %s, %s of RAM in %d %s below 0x%x, held in %s"
        .formatted(
            FORMAT,
            cpus(),
            cpus() == 1 ? "CPU" : "CPUs",
            Sizes.text(map.usableBytes()),
            map.usable().size(),
            map.usable().size() == 1 ? "span" : "spans",
            memory.top(),
            memory.file());
  }

  @Override
  public SanitisedMap map() {
    return map;
  }

  @Override
  public SimMemory memory() {
    return memory;
  }

  @Override
  public SimMmu mmu() {
    return mmu;
  }

  @Override
  public int cpus() {
    return settings.cpus();
  }

  @Override
  public String pageTableFormat() {
    return FORMAT;
  }

  @Override
  public synchronized AddressSpace createAddressSpace(FrameSource tableFrames) {
    int asid = asids.nextClearBit(0);
    if (closed) {
      throw new IllegalStateException("the machine is switched off");
    }
    if (asid >= ASIDS) {
      throw new AllocatorException("all " + ASIDS + " address space tags are in use");
    }
    SimAddressSpace space = new SimAddressSpace(this, asid, tableFrames);
    asids.set(asid);
    spaces.add(space);
    return space;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    spaces.forEach(SimAddressSpace::closeWindows);
    memory.close();
  }

  /** Frees the tag of an address space that has been closed. */
  synchronized void forget(SimAddressSpace space) {
    mmu.dropSpace(space.asid());
    asids.clear(space.asid());
    spaces.remove(space);
  }
}
