package trace;

import heap.api.Heap;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Runs the events of a trace through a heap, in the order of the trace, and says what came of it.
 *
 * <p>Not safe for use by several threads at once; one replayer may replay several traces, one after
 * the other.
 */
/*
 * How a replay works
 *
 * 1. Concepts. A trace is a stream of events about blocks with ids. What the figures should show is
 *    the heap, so everything that is not the heap must stay out of the timed part: reading,
 *    expanding, parsing, renaming ids, accounting, and writing placements.
 *
 * 2. Batches. The source fills a batch: columns of primitives for up to 262,144 consecutive events.
 *    Ids are renamed to slots there, so that a block's address is found by one index into one array
 *    of live-set size. No hashing is left for the timed part, and memory stays bounded by the live
 *    set: neither the batch nor any table grows with the length of the trace.
 *
 * 3. The timed part. Only the loop over a batch lies between two readings of the clock. A reading
 *    costs some 25 ns and a batch some 10 milliseconds, so the clock does not show. Between batches
 *    the reader evicts the heap's metadata from the caches; a batch is large, so that loading it
 *    again is a small part of its time.
 *
 * 4. Two loops. Plain and checked are classes of their own, chosen once per replay. A test per event
 *    would be cheap, but the code of the checked path in the same method would spoil the inlining of
 *    the plain one. Placements need no loop of their own: both loops store the address of each birth
 *    in a column, one sequential store, which is also how failures are found. The sink is then fed
 *    between batches.
 *
 * 5. Accounting. Live bytes and blocks with their peaks are a function of the trace and of which
 *    births failed. They are computed from the same columns after each batch, event by event, so the
 *    peaks are exact. Footprint, frames and page-table frames change inside the tiers, which keep
 *    their own peaks; the probe hands them over at the end. Sampling would miss a peak that lasts
 *    for a few events.
 *
 * 6. Failures. The traced program got every block it asked for. When the heap has no memory, the
 *    slot holds address 0 and the replay goes on: a later free of it does nothing and a later resize
 *    of it allocates, as in C. A resize that fails leaves the old block alive in C, where the
 *    program would free it; the trace's program never did, since its call succeeded. So the old
 *    block is freed there and then, and the new one counts as a failure.
 *
 * 7. Threads. Events run in the order of the lines, on one host thread. The trace's thread index
 *    chooses the CPU whose port carries the call, so per-CPU caches see the traffic between threads.
 *    Running them at once would make results depend on the host's scheduler.
 *
 * 8. The end. Figures named last are taken after the last event. Then, if checked, all blocks that
 *    are still live are looked at; then, unless they are to be kept, they are freed in the order of
 *    their ids. The same happens when the trace breaks off or the thread is interrupted, so that the
 *    machine is left as it was found.
 *
 * What was not done: replaying with the time that passed between the calls (no format that is read
 * here has it); replaying threads in parallel (see 7); touching blocks in the plain loop, as a
 * program would (the native replayers that ours is compared with do not either).
 *
 * References: M. Johnstone, P. Wilson, The memory fragmentation problem: solved?, ISMM 1998, for
 * replaying real programs' traces as the way to judge an allocator.
 */
public final class Replayer {
  private final Heap heap;
  private final int cpus;
  private Probe probe;
  private boolean checked;
  private boolean keeping;
  private PlacementSink placements = (id, address) -> {};
  private boolean placing;
  private ReplayProgress progress = (position, total) -> {};
  private long most = Long.MAX_VALUE;

  /**
   * Creates a replayer that neither checks nor keeps blocks.
   *
   * @param heap the heap to call
   * @param cpus the number of CPUs that the trace's threads are spread over, at least 1
   * @throws IllegalArgumentException if there is no CPU
   */
  public Replayer(Heap heap, int cpus) {
    if (cpus < 1) {
      throw new IllegalArgumentException("number of CPUs " + cpus + " is not at least 1");
    }
    this.heap = heap;
    this.cpus = cpus;
    this.probe = Probe.of(heap);
  }

  /** Chooses whether blocks are filled with patterns and compared; returns this. */
  public Replayer checking(boolean check) {
    checked = check;
    return this;
  }

  /** Chooses whether blocks that the program leaked stay allocated at the end; returns this. */
  public Replayer keeping(boolean keep) {
    keeping = keep;
    return this;
  }

  /** Sets who is asked for footprint and frames; returns this. */
  public Replayer probe(Probe owner) {
    probe = owner;
    return this;
  }

  /** Sets who is told the address of each block born; returns this. */
  public Replayer placements(PlacementSink sink) {
    placements = sink;
    placing = true;
    return this;
  }

  /** Sets who is told how far the replay has come; returns this. */
  public Replayer progress(ReplayProgress listener) {
    progress = listener;
    return this;
  }

  /**
   * Sets after how many events the replay ends at the latest, rounded up to a whole batch; returns
   * this.
   */
  public Replayer atMost(long events) {
    most = events;
    return this;
  }

  /**
   * Replays a trace to its end.
   *
   * @param source a source of which nothing has been read yet; it is not closed
   * @return what came of it
   * @throws TraceException if the trace cannot be read on, or the sink fails
   * @throws CancellationException if the thread is interrupted; the interrupt status stays set
   */
  public ReplayResult replay(EventSource source) throws TraceException {
    try (PortTable ports = new PortTable(heap, cpus)) {
      return checked
          ? replayChecked(source, new CheckedLoop(ports, heap.window()))
          : replay(source, new PlainLoop(ports)).result(0, List.of());
    }
  }

  private ReplayResult replayChecked(EventSource source, CheckedLoop loop) throws TraceException {
    return replay(source, loop).result(loop.corruptions(), loop.first());
  }

  private ReplayRun replay(EventSource source, BatchLoop loop) throws TraceException {
    ReplayRun run = new ReplayRun(loop);
    probe.begin();
    try {
      runAll(source, run);
    } catch (TraceException | CancellationException e) {
      freeUnlessKeeping(run);
      throw e;
    }
    run.finish(probe);
    freeUnlessKeeping(run);
    return run;
  }

  private void runAll(EventSource source, ReplayRun run) throws TraceException {
    EventBatch batch = new EventBatch();
    for (long left = most; left > 0 && source.read(batch); left -= batch.length()) {
      run.execute(batch);
      if (placing) {
        run.tell(batch, placements);
      }
      progress.at(source.position(), source.total());
      refuseIfInterrupted();
    }
  }

  private void freeUnlessKeeping(ReplayRun run) {
    if (!keeping) {
      run.freeLeaked();
    }
  }

  private static void refuseIfInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("the replay was interrupted");
    }
  }
}
