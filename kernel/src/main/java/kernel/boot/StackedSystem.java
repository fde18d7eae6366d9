package kernel.boot;

import allocator.api.Allocator;
import allocator.api.CensusSummary;
import allocator.api.Explanation;
import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import allocator.api.Tier;
import hardware.api.AddressSpace;
import hardware.api.Machine;
import hardware.api.map.FirmwareMap;
import heap.api.ExplainingEngine;
import heap.api.Heap;
import heap.api.HeapRequest;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import kernel.api.BootedSystem;
import kernel.api.CheckLine;
import kernel.api.FrameUsage;
import kernel.api.LodgingStatus;
import kernel.api.ProviderInfo;
import kernel.api.SwapRecord;
import kernel.api.SwapRequest;
import kernel.api.Task;
import kernel.api.TierStatus;
import kernel.gate.Gate;
import kernel.gate.GateBusyException;
import kernel.lodge.Lodging;
import kernel.slot.Binding;
import kernel.slot.Slot;
import kernel.swap.Coordinator;
import physmem.api.FrameAllocator;
import physmem.api.FrameEngine;
import vmem.api.AddressAllocator;

/** A machine with its three slots. */
final class StackedSystem implements BootedSystem {
  private static final long END_NANOS = TimeUnit.SECONDS.toNanos(2); // for calls under way

  private final Machine machine;
  private final FirmwareMap map;
  private final Tiers tiers;
  private final KernelMemory memory;
  private final List<String> bootLog;
  private final long bootTables;
  private final Coordinator coordinator;
  private final Stillness stillness;
  private final List<SimTask> tasks = new CopyOnWriteArrayList<>();
  private final Deque<AutoCloseable> clients = new ConcurrentLinkedDeque<>();
  private volatile boolean heapClosed;
  private volatile boolean closed;
  private volatile Consumer<StackedSystem> ended = system -> {};

  StackedSystem(
      Machine machine,
      FirmwareMap map,
      Tiers tiers,
      KernelMemory memory,
      Coordinator coordinator,
      List<String> bootLog) {
    this.machine = machine;
    this.coordinator = coordinator;
    this.stillness = new Stillness(coordinator, tiers, memory.spans(), memory.meter());
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
        status(tiers.frames(), closed, 0),
        status(tiers.addresses(), closed, 0),
        status(
            tiers.heap(),
            heapClosed,
            tiers.heap().lodgers().all().stream().mapToLong(Lodging::blocks).sum()));
  }

  private TierStatus status(Slot<?, ?> slot, boolean ended, long lodgers) {
    Optional<ProviderInfo> info = slot.serving().map(Binding::info);
    String state = ended ? "closed" : info.map(this::state).orElse("vacant");
    Optional<CensusSummary> census = ended ? Optional.of(CensusSummary.EMPTY) : census(slot);
    return new TierStatus(
        slot.tier(),
        slot.provider(),
        info.map(ProviderInfo::model).orElse(""),
        info.map(ProviderInfo::bundle).orElse(""),
        info.map(ProviderInfo::version).orElse(""),
        census.isPresent() ? state : state + ", busy",
        census.orElse(CensusSummary.EMPTY),
        ended ? 0 : lodgers);
  }

  // Whoever waits for a vacant tier below is inside of the heap for so long: then nothing is
  // counted.
  private static Optional<CensusSummary> census(Slot<?, ?> slot) {
    try {
      return Optional.of(slot.census());
    } catch (GateBusyException e) {
      return Optional.empty();
    }
  }

  private String state(ProviderInfo info) {
    if (!tiers.present().test(info)) {
      return "departed";
    }
    return coordinator.guarded() ? "guarded" : "active";
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
  public List<Statistic> figures(Tier tier) {
    return slot(tier).ask(Allocator::statistics).orElse(List.of());
  }

  @Override
  public List<String> reports(Tier tier) {
    return slot(tier).ask(Allocator::reports).orElse(List.of());
  }

  @Override
  public List<String> report(Tier tier, String name) {
    return slot(tier).ask(engine -> engine.report(name)).orElse(List.of());
  }

  @Override
  public Optional<Explanation> explain(HeapRequest request) {
    return tiers
        .heap()
        .ask(engine ->
            engine instanceof ExplainingEngine able
                ? Optional.of(able.explain(request))
                : Optional.<Explanation>empty())
        .flatMap(answer -> answer);
  }

  @Override
  public void managed(Tier tier, RangeVisitor visitor) {
    slot(tier)
        .askQuietly(engine -> {
          engine.managed(visitor);
          return true;
        });
  }

  private Slot<?, ?> slot(Tier tier) {
    return switch (tier) {
      case PHYSMEM -> tiers.frames();
      case VMEM -> tiers.addresses();
      case HEAP -> tiers.heap();
    };
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
  public long frameMetadataBytes() {
    return tiers.frames().ask(FrameEngine::metadataBytes).orElse(0L);
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
    List<SimTask> all = List.copyOf(tasks);
    return stillness.during(
        all, () -> new SystemCheck(this, tiers, memory, all, bootTables, !heapClosed).run());
  }

  @Override
  public SwapRecord swap(SwapRequest request) {
    return coordinator.swap(request);
  }

  @Override
  public List<SwapRecord> swaps() {
    return coordinator.records();
  }

  @Override
  public void guard(boolean on) {
    coordinator.guard(on);
  }

  @Override
  public boolean guarded() {
    return coordinator.guarded();
  }

  @Override
  public List<LodgingStatus> lodgings() {
    return tiers.heap().lodgers().all().stream().map(StackedSystem::status).toList();
  }

  private static LodgingStatus status(Lodging lodging) {
    String failure = lodging.failure();
    return new LodgingStatus(
        lodging.from(),
        lodging.blocks(),
        lodging.bytes(),
        lodging.heldBytes(),
        lodging.isComplete(),
        failure == null ? "" : failure);
  }

  /** {@return who exchanges this system's providers} */
  Coordinator coordinator() {
    return coordinator;
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
  public void addClient(AutoCloseable client) {
    clients.push(client);
  }

  @Override
  public void removeClient(AutoCloseable client) {
    clients.remove(client);
  }

  // What a client throws must not keep the machine from ending; it is told with the other failures.
  private void endClients(Shutdown shutdown) {
    for (AutoCloseable client = clients.poll(); client != null; client = clients.poll()) {
      AutoCloseable ending = client;
      shutdown.step(() -> {
        try {
          ending.close();
        } catch (Exception e) {
          throw new IllegalStateException("a client of the system could not be ended", e);
        }
      });
    }
  }

  @Override
  public synchronized FrameUsage closeTiers() {
    if (!heapClosed) {
      Shutdown shutdown = new Shutdown();
      shutdown.step(coordinator::close);
      heapClosed = true;
      tasks.forEach(task -> shutdown.step(task::close));
      endSlot(shutdown, tiers.heap());
      shutdown
          .step(tiers.heap().lodgers()::evictAll)
          .step(memory.spans()::releaseAll)
          .step(() -> tiers.frames().serving().ifPresent(frames -> frames.raw().drain()))
          .end();
    }
    return frameUsage();
  }

  // Callers that are inside get their time; those that come later get an exception.
  private static void endSlot(Shutdown shutdown, Slot<?, ?> slot) {
    Gate gate = slot.gate();
    shutdown.step(gate::acquire);
    shutdown
        .step(() -> gate.block(null))
        .step(() ->
            gate.awaitQuiet(System.nanoTime() + END_NANOS)
                .ifPresent(busy -> {
                  throw new GateBusyException(slot.tier().label(), busy);
                }))
        .step(() -> slot.serving().ifPresent(serving -> serving.raw().close()))
        .step(gate::end)
        .step(gate::release);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      Shutdown shutdown = new Shutdown();
      releaseWaiting(shutdown);
      endClients(shutdown);
      shutdown.step(this::closeTiers);
      endSlot(shutdown, tiers.addresses());
      endSlot(shutdown, tiers.frames());
      shutdown.step(machine::close).step(() -> ended.accept(this)).end();
    }
  }

  // Who waits for a provider waits in vain now. No exchange comes in between: none is begun any
  // more.
  private void releaseWaiting(Shutdown shutdown) {
    for (Slot<?, ?> slot : List.of(tiers.heap(), tiers.addresses(), tiers.frames())) {
      if (slot.isVacant()) {
        shutdown
            .step(coordinator::close)
            .step(slot.gate()::acquire)
            .step(slot.gate()::end)
            .step(slot.gate()::release);
      }
    }
  }

  /** Sets who is told when this system has been closed. */
  void whenEnded(Consumer<StackedSystem> listener) {
    ended = listener;
  }
}
