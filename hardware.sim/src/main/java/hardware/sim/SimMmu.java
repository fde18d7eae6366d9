package hardware.sim;

import hardware.api.AddressSpace;
import hardware.api.Mmu;
import hardware.api.MmuCounters;
import hardware.api.TlbEntry;
import hardware.api.Window;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** The MMUs of a machine's CPUs, and the invalidations that reach all of them. */
final class SimMmu implements Mmu {
  private final SimMachine machine;
  private final MachineSettings shapes;
  private final CpuMmu[] cpus;
  private final LongAdder flushes = new LongAdder();
  private final LongAdder flushedPages = new LongAdder();
  private final LongAdder shootdowns = new LongAdder();

  /** Makes the MMUs, their TLBs empty. */
  SimMmu(SimMachine machine, SimMemory memory, MachineSettings shapes) {
    this.machine = machine;
    this.shapes = shapes;
    this.cpus = new CpuMmu[shapes.cpus()];
    for (int i = 0; i < cpus.length; i++) {
      cpus[i] = new CpuMmu(memory, shapes);
    }
  }

  @Override
  public long access(AddressSpace space, int cpu, long address, int access) {
    SimAddressSpace ours = checkedSpace(space);
    if ((access & ~AS_USER) < READ || (access & ~AS_USER) > FETCH) {
      throw new IllegalArgumentException("access " + access + " is not a kind of access");
    }
    return cpus[checkedCpu(cpu)].access(ours.root(), ours.asid(), address, access);
  }

  @Override
  public Window countedWindow(AddressSpace space, int cpu, long address, long bytes) {
    return CountedWindow.open(checkedSpace(space), checkedCpu(cpu), address, bytes);
  }

  @Override
  public MmuCounters counters() {
    MmuCounters sum =
        new MmuCounters(0, 0, 0, 0, 0, 0, flushes.sum(), flushedPages.sum(), shootdowns.sum());
    for (CpuMmu cpu : cpus) {
      sum = cpu.addTo(sum);
    }
    return sum;
  }

  @Override
  public void resetCounters() {
    flushes.reset();
    flushedPages.reset();
    shootdowns.reset();
    for (CpuMmu cpu : cpus) {
      cpu.resetCounters();
    }
  }

  @Override
  public String tlbShape() {
    return "4 KiB: %s; 2 MiB: %s; 1 GiB: %s; second level for 4 KiB and 2 MiB: %s; least recently used way replaced"
        .formatted(shapes.small(), shapes.medium(), shapes.huge(), shapes.second());
  }

  @Override
  public List<TlbEntry> tlb(int cpu) {
    return cpus[checkedCpu(cpu)].entries();
  }

  @Override
  public void flush(int cpu) {
    cpus[checkedCpu(cpu)].dropLocal();
    flushes.increment();
  }

  /** Drops translations of a range of one address space, and global ones, from every TLB. */
  void invalidate(int asid, long address, long pages) {
    int holders = 0;
    long last = address + (pages << SimMemory.PAGE_SHIFT) - 1;
    for (CpuMmu cpu : cpus) {
      holders += cpu.drop(asid, address, last) > 0 ? 1 : 0;
    }
    flushes.increment();
    flushedPages.add(pages);
    if (holders > 1) { // whoever asked, another CPU had to take part
      shootdowns.increment();
    }
  }

  /** Drops what a closed address space left, so that its tag can be used again. */
  void dropSpace(int asid) {
    for (CpuMmu cpu : cpus) {
      cpu.dropSpace(asid);
    }
  }

  private SimAddressSpace checkedSpace(AddressSpace space) {
    if (space instanceof SimAddressSpace ours && ours.machine() == machine) {
      return ours;
    }
    throw new IllegalArgumentException("the address space is of another machine: " + space);
  }

  private int checkedCpu(int cpu) {
    return Objects.checkIndex(cpu, cpus.length);
  }
}
