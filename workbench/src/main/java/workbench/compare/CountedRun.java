package workbench.compare;

import hardware.api.MmuCounters;
import heap.api.HeapPort;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.LongConsumer;
import kernel.api.BootedSystem;
import trace.EventBatch;
import trace.EventSource;
import trace.TraceException;

/** Replays a trace once on a booted system and counts everything that is not wall-clock time. */
/*
 * How a counted run works
 *
 * 1. One event after the other, in the order of the trace, on one host thread; the trace's thread
 *    chooses the CPU. It makes exactly the calls that trace.Replayer makes, failures included, so
 *    footprints and placements are those that `replay` shows. Nothing depends on the host's clock or
 *    scheduler, so a run can be made beside others, and gives the same figures each time.
 *
 * 2. Beside the calls, a client touches its blocks through the modelled TLB and a modelled cache
 *    (see Client): walks, hits and missed lines are those of the program, not of the allocator's own
 *    bookkeeping, which works through a direct window that counts nothing.
 *
 * 3. Peaks of footprint, frames and tables are kept by the tiers and exact. Means look at every 64th
 *    event; series at as many events as were asked for, evenly spread. Both are functions of the
 *    event's number alone.
 *
 * 4. Flushes are those of the time between the first and the last event. The flush that sends lazy
 *    work home before the final figures is the workbench's own and not counted.
 *
 * What was not done: counting the memory accesses of the engines (their window is direct; a counted
 * window for them would change hot classes of every provider), and counting host instructions (the
 * host's figures are no simulated quantities, and JIT code has no fixed number of them).
 */
final class CountedRun {
  /** Means look at every so many events. */
  static final int STRIDE = 64;

  private static final int LINE = 1 << ReuseMeter.LINE_SHIFT;

  private final BootedSystem system;
  private final TraceShape shape;
  private final int samples;
  private final LongConsumer progress;
  private final LiveTable live = new LiveTable();
  private final ReuseMeter reuse = new ReuseMeter();
  private final Placements placements = new Placements();
  private final Series series = Series.empty();
  private final List<Shot> shots = new ArrayList<>();
  private final Tally tally = new Tally();
  private final Client client;
  private final long[] sums = new long[4];
  private BirthWatch watch = (number, event, id, bytes, place) -> true;
  private Exchanges exchanges;
  private long births;
  private boolean going = true;
  private long summed;
  private long lowest = Long.MAX_VALUE;
  private long highest = Long.MIN_VALUE;

  /**
   * Prepares a run.
   *
   * @param system a system that nothing was replayed on
   * @param shape what is known of the trace
   * @param samples the number of samples over time; 0 for none, and no shot at the peak
   * @param progress is told the number of events done
   */
  CountedRun(BootedSystem system, TraceShape shape, int samples, LongConsumer progress) {
    this.system = system;
    this.shape = shape;
    this.samples = samples;
    this.progress = progress;
    this.client = new Client(system);
    this.exchanges = new Exchanges(List.of(), shape);
  }

  /**
   * Replays the trace and frees what it leaked.
   *
   * @throws TraceException if the trace cannot be read
   * @throws CancellationException if the thread is interrupted
   */
  RunFigures run(EventSource source, long seed) throws TraceException {
    system.purge();
    system.resetPeaks();
    system.machine().mmu().resetCounters();
    long backing = backingCalls();
    try (CpuPorts ports = new CpuPorts(system.heap(), system.machine().cpus())) {
      replay(source, ports);
      count(Count.BACKING_CALL, backingCalls() - backing);
      RunFigures figures = figures(seed);
      freeLeaked(ports);
      return figures;
    }
  }

  /** Sets which providers are exchanged on the way. */
  void exchange(List<SwapAt> swaps) {
    exchanges = new Exchanges(swaps, shape);
  }

  /** Sets who is shown each birth, and may end the replay. */
  void watch(BirthWatch watcher) {
    watch = watcher;
  }

  /** Returns what the run gave beyond figures. */
  Detail detail() {
    return new Detail(series, List.copyOf(shots), placements.hashes());
  }

  private void replay(EventSource source, CpuPorts ports) throws TraceException {
    EventBatch batch = new EventBatch();
    while (going && source.read(batch)) {
      live.reserve(batch.slots());
      for (int i = 0; i < batch.length() && going; i++) {
        execute(batch, i, ports.forThread(batch.thread(i)), batch.first() + i);
        look(batch.first() + i);
      }
      progress.accept(batch.first() + batch.length());
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("the comparison was interrupted");
      }
    }
  }

  private void count(Count what, long number) {
    tally.add(what, number);
  }

  private void execute(EventBatch batch, int i, HeapPort port, long event) {
    byte operation = batch.operation(i);
    if (operation == EventBatch.THREAD) {
      return;
    }
    count(Count.OPERATION, 1);
    switch (operation) {
      case EventBatch.FREE -> free(port, batch.slot(i), event);
      case EventBatch.RESIZE -> resize(port, batch, i, event);
      case EventBatch.ZEROED -> {
        count(Count.ZEROED, 1);
        count(Count.ZEROED_LINE, lines(batch.bytes(i)));
        birth(port, batch, i, event, port.allocateZeroed(batch.bytes(i)));
      }
      case EventBatch.ALIGNED -> {
        count(Count.ALIGNED, 1);
        birth(port, batch, i, event, port.allocateAligned(batch.extra(i), batch.size(i)));
      }
      default -> {
        count(Count.ALLOCATE, 1);
        birth(port, batch, i, event, port.allocate(batch.size(i)));
      }
    }
  }

  private void free(HeapPort port, int slot, long event) {
    count(Count.FREE, 1);
    long address = live.address(slot);
    if (address != 0) {
      client.death(port.cpu(), address);
      noteRemote(port, slot);
      port.free(address);
      reuse.death(address, event);
      live.death(slot);
    }
  }

  private void noteRemote(HeapPort port, int slot) {
    count(Count.REMOTE_FREE, live.cpu(slot) == port.cpu() ? 0 : 1);
  }

  // As C's realloc does, and as the replayer: see trace.Replayer, 6.
  private void resize(HeapPort port, EventBatch batch, int i, long event) {
    count(Count.RESIZE, 1);
    int dying = batch.oldSlot(i);
    long old = live.address(dying);
    if (old == 0) {
      birth(port, batch, i, event, port.allocate(batch.size(i)));
      return;
    }
    long kept = Math.min(live.size(dying), batch.size(i));
    long address = port.resize(old, batch.size(i));
    if (address == 0) {
      port.free(old);
    }
    if (address != old) {
      noteRemote(port, dying);
      reuse.death(old, event);
      count(Count.MOVE, address == 0 ? 0 : 1);
      count(Count.COPIED_LINE, address == 0 ? 0 : lines(kept));
    }
    live.death(dying);
    birth(port, batch, i, event, address);
  }

  private static long lines(long bytes) {
    return (bytes + LINE - 1) / LINE;
  }

  private void birth(HeapPort port, EventBatch batch, int i, long event, long address) {
    going &= watch.birth(births++, event, batch.id(i), batch.bytes(i), placements.birth(address));
    if (address == 0) {
      count(Count.FAILURE, 1);
      return;
    }
    long bytes = batch.bytes(i);
    live.birth(batch.slot(i), address, bytes, port.usableSize(address), port.cpu());
    reuse.birth(address, event);
    client.birth(port.cpu(), address, bytes);
    lowest = Math.min(lowest, address);
    highest = Math.max(highest, address + bytes);
  }

  private void look(long event) {
    exchanges.after(event, system);
    if (event % STRIDE == 0) {
      sums[0] += live.bytes();
      sums[1] += live.usable();
      sums[2] += system.heap().footprint();
      sums[3] += system.usedFrames();
      summed++;
    }
    if (samples > 0) {
      sample(event);
    }
  }

  private void sample(long event) {
    if (event + 1 >= Math.ceilDiv((series.size() + 1) * shape.events(), samples)) {
      series.add(
          event + 1,
          live.bytes(),
          live.usable(),
          system.heap().footprint(),
          system.usedFrames(),
          system.tableFrames(),
          system.swaps().size());
    }
    if (event == shape.peakEvent()) {
      shots.add(ShotTaker.take(system, live, event));
    }
  }

  private RunFigures figures(long seed) {
    takeCounters();
    long peakFootprint = system.peakFootprint();
    long peakFrames = system.peakFrames();
    long peakTables = system.peakTableFrames();
    system.purge();
    Memory memory =
        new Memory(
            live.peakBytes(),
            live.peakBlocks(),
            peakFootprint,
            peakFrames,
            peakTables,
            live.bytes(),
            system.heap().footprint(),
            highest < lowest ? 0 : highest - lowest,
            Metadata.stated(system));
    return new RunFigures(seed, tally.byKey(), memory, means(), reuse.bins());
  }

  private Means means() {
    double n = Math.max(1, summed);
    return new Means(sums[0] / n, sums[1] / n, sums[2] / n, sums[3] / n);
  }

  private void takeCounters() {
    MmuCounters mmu = system.machine().mmu().counters();
    count(Count.LOCK, tally.get(Count.BACKING_CALL) + tally.get(Count.REMOTE_FREE));
    count(Count.ACCESS, mmu.accesses());
    count(Count.SECOND_LEVEL_HIT, mmu.secondLevelHits());
    count(Count.WALK, mmu.walks());
    count(Count.WALK_STEP, mmu.walkSteps());
    count(Count.FLUSH, mmu.flushes());
    count(Count.FLUSHED_PAGE, mmu.flushedPages());
    count(Count.SHOOTDOWN, mmu.shootdowns());
    count(Count.LINE, client.cache().touched());
    count(Count.LINE_MISS, client.cache().missed());
  }

  private long backingCalls() {
    return system.statistics().stream()
        .filter(figure ->
            figure.name().equals("imports")
                || figure.name().equals("extensions")
                || figure.name().equals("releases"))
        .mapToLong(figure -> figure.value())
        .sum();
  }

  private void freeLeaked(CpuPorts ports) {
    HeapPort port = ports.forThread(0);
    for (int slot = 0; slot < live.slots(); slot++) {
      if (live.address(slot) != 0) {
        port.free(live.address(slot));
        live.death(slot);
      }
    }
  }
}
