package kernel.boot;

import allocator.api.Allocator;
import allocator.api.CensusSummary;
import allocator.api.Statistic;
import allocator.api.Tier;
import hardware.api.AddressSpace;
import hardware.api.Machine;
import hardware.api.map.FirmwareMap;
import heap.api.Heap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import kernel.api.BootedSystem;
import kernel.api.CheckLine;
import kernel.api.FrameUsage;
import kernel.api.Task;
import kernel.api.TierStatus;
import kernel.slot.Binding;
import physmem.api.FrameAllocator;
import vmem.api.AddressAllocator;

/** A machine with its three slots. */
final class StackedSystem implements BootedSystem {
  private final Machine machine;
  private final FirmwareMap map;
  private final Tiers tiers;
  private final KernelMemory memory;
  private final List<String> bootLog;
  private final long bootTables;
  private final List<SimTask> tasks = new CopyOnWriteArrayList<>();
  private volatile boolean heapClosed;
  private volatile boolean closed;

  StackedSystem(
      Machine machine, FirmwareMap map, Tiers tiers, KernelMemory memory, List<String> bootLog) {
    this.machine = machine;
    this.map = map;
    this.tiers = tiers;
    this.memory = memory;
    this.bootLog = List.copyOf(bootLog);
    this.bootTables = memory.space().tableFrames() - memory.meter().tables(); // never given up
  }

  @Override
  public Machine machine() {
    return machine;
  }

  @Override
  public FirmwareMap firmwareMap() {
    return map;
  }

  @Override
  public FrameAllocator frames() {
    return tiers.frames();
  }

  @Override
  public AddressAllocator addresses() {
    return tiers.addresses();
  }

  @Override
  public Heap heap() {
    return tiers.heap();
  }

  @Override
  public AddressSpace kernelSpace() {
    return memory.space();
  }

  @Override
  public List<TierStatus> tiers() {
    return List.of(
        status(Tier.PHYSMEM, tiers.frames().binding(), closed),
        status(Tier.VMEM, tiers.addresses().binding(), closed),
        status(Tier.HEAP, tiers.heap().binding(), heapClosed));
  }

  private TierStatus status(Tier tier, Binding<? extends Allocator> binding, boolean ended) {
    var info = binding.info();
    return new TierStatus(
        tier,
        info.name(),
        info.model(),
        info.bundle(),
        info.version(),
        ended ? "closed" : tiers.present().test(info) ? "active" : "departed",
        ended ? CensusSummary.EMPTY : binding.engine().census());
  }

  @Override
  public List<String> bootLog() {
    return bootLog;
  }

  @Override
  public List<Statistic> statistics() {
    return memory.spans().statistics();
  }

  @Override
  public FrameUsage frameUsage() {
    long free = tiers.frames().freeFrames();
    long tables = memory.meter().tables();
    long backing = memory.meter().backing();
    long other = memory.presentFrames() - memory.ownFrames() - free - tables - backing;
    return new FrameUsage(memory.presentFrames(), memory.ownFrames(), free, tables, backing, other);
  }

  @Override
  public long usedFrames() {
    FrameUsage usage = frameUsage();
    return bootTables + usage.tables() + usage.backing() + usage.other();
  }

  @Override
  public long tableFrames() {
    return bootTables + memory.meter().tables();
  }

  @Override
  public long peakFrames() {
    return bootTables + memory.meter().peak();
  }

  @Override
  public long peakTableFrames() {
    return bootTables + memory.meter().peakTables();
  }

  @Override
  public long peakFootprint() {
    return memory.spans().peakBytes();
  }

  @Override
  public void resetPeaks() {
    memory.spans().resetPeak();
    memory.meter().resetPeaks();
  }

  @Override
  public long purge() {
    return memory.spans().purge();
  }

  @Override
  public List<CheckLine> check() {
    return new SystemCheck(this, tiers, memory, tasks, bootTables, !heapClosed).run();
  }

  @Override
  public Task createTask(String name) {
    SimTask task =
        new SimTask(name, machine, memory.meter(), tiers.addresses(), this::purge, tasks::remove);
    tasks.add(task);
    return task;
  }

  @Override
  public List<Task> tasks() {
    return List.copyOf(tasks);
  }

  @Override
  public synchronized FrameUsage closeTiers() {
    if (!heapClosed) {
      heapClosed = true;
      Shutdown shutdown = new Shutdown();
      tasks.forEach(task -> shutdown.step(task::close));
      shutdown
          .step(tiers.heap().binding().engine()::close)
          .step(memory.spans()::releaseAll)
          .step(tiers.frames().binding().engine()::drain)
          .end();
    }
    return frameUsage();
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      new Shutdown()
          .step(this::closeTiers)
          .step(tiers.addresses().binding().engine()::close)
          .step(tiers.frames().binding().engine()::close)
          .step(machine::close)
          .end();
    }
  }
}
