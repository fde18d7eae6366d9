package workbench.load;

import heap.api.Heap;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import kernel.api.BootedSystem;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import trace.TraceException;

/**
 * A load on a heap: threads that call it until they are stopped, and hold it to its word.
 *
 * <p>All methods are safe for use by several threads.
 */
/*
 * How a load works
 *
 * 1. Concepts. Whoever exchanges an allocator under load has two promises to keep: no client loses a
 *    byte, and no client waits longer than it must. A load is the client that looks. It holds
 *    blocks, knows what is in each, and knows when each of its calls was due and when it returned.
 *    It knows nothing of swaps: it sees a heap slot, as any client does.
 *
 * 2. Work. A thread's work is a sequence of steps, made up from a seed or read from a trace. Between
 *    two steps the thread asks whether it should go on: a volatile flag, and a clock that the last
 *    call has read already. Made-up work draws sizes from a heavy tail and lets the live set move as
 *    its shape says. What it may keep live is divided beforehand, a share for each thread and one
 *    for the exchange, so that no thread has to ask the others and the sum holds at every moment.
 *    That is why a load within its bounds expects no failure at all: one is a finding.
 *
 * 3. Blocks of others. What one thread allocates, another frees: Larson and Krishnan's server. A
 *    thread swaps a block of its own for the one in a slot of the exchange, and frees what it got. A
 *    slot is a try-lock over an entry; who finds it taken does something else. Nobody waits, since a
 *    wait between clients would show as silence in front of the heap.
 *
 * 4. Contents. A block is filled with a pattern made from its id, which no other block of the load
 *    ever has: thread and number of birth. It is compared when it is resized, freed, looked at, or
 *    left over. Two blocks that overlap, a block that was moved wrongly, a page that lost its frame:
 *    all show as a byte that is not what it should be. Zeroed blocks are read before they are
 *    filled; aligned ones are checked; usable sizes are compared with what was asked for. All this
 *    is done outside of the timed part, which is the port's call and nothing else.
 *
 * 5. Failures. An answer 0 and any exception count, errors included, since the classes of a bundle
 *    that is gone show as such; then the thread goes on. It rests for a millisecond after an
 *    exception, so that a heap that is broken for good yields messages and not a storm. A block whose
 *    free was refused is given up, as the heap may or may not have it still; but when the tier was
 *    vacant nobody can have it, so it is kept and freed later.
 *
 * 6. Latency. Each thread has a recorder of HdrHistogram: it writes to one histogram while the
 *    reader takes the other, without locks, waits or objects. The reader adds what it takes to two
 *    sums, from the start and from the last mark. A thread that waits in a call makes no calls, so
 *    that a pause of 100 ms would count as one slow call among millions; its other clients, in a
 *    real system, would have had as many slow ones as they make calls in 100 ms. Two remedies. At a
 *    given rate, a latency counts from the moment at which the call was due, and calls that are late
 *    queue up. Without a rate, a call that took longer than the thread's calls are apart on average
 *    stands for the missing ones as well (G. Tene's correction for coordinated omission), which is
 *    done on reading and over whole intervals, so that the figures do not depend on how often
 *    somebody looks. The mean distance includes filling and comparing: that is how often this client
 *    calls.
 *
 * 7. The end. Each thread verifies and frees what it holds, unpaced and uncounted, and takes its
 *    leave; the last one empties the exchange. When the tier is vacant a thread stops freeing at the
 *    first refusal: each try may wait for seconds. What is left shows in the status. A booted system
 *    ends its clients before its tiers, so blocks go home then, too.
 *
 * 8. Memory ordering. There are five places where threads meet.
 *    - Exchange: compare-and-exchange acquire on a slot's lock pairs with set release by whoever was
 *      at it before. The entry, and the bytes that its owner wrote into the block, are plain accesses
 *      before the release and after the acquire.
 *    - Course.ending: volatile, read once per step; nothing else is published by it. A thread that
 *      rests between two calls is unparked after the flag is set, so it cannot miss both.
 *    - Course.working: the decrement to 0, a volatile read-modify-write, comes after every other
 *      thread's decrement, thus after all they did to the exchange.
 *    - Tally: opaque writes of one thread, opaque reads by others: whole values, seen soon, no order
 *      among them. The latch below makes the last ones exact.
 *    - Course.present: a count down happens before whoever sees 0, so final figures are final.
 *    Histograms change hands by HdrHistogram's own phaser.
 *
 * What was not done: calls through object caches (they have a contract of their own, and another
 * workload); touching the usable bytes beyond those asked for (a swap may change them by right);
 * threads that come and go (ports are cheap, and what is stressed by it is the JVM); recording which
 * swap was under way at a slow call (the kernel's record of swaps has the times).
 *
 * References: P. Larson, M. Krishnan, Memory allocation for long-running server applications, ISMM
 * 1998. G. Tene, How not to measure latency.
 */
public final class Load implements AutoCloseable {
  private static final double NANOS_PER_SECOND = 1e9;

  /** Longer than callers of a vacant slot wait; who needs more is stuck. */
  private static final long PATIENCE_SECONDS = 60;

  private static final double HALF = 50;
  private static final double TWO_NINES = 99;
  private static final double THREE_NINES = 99.9;

  private final boolean paced;
  private final Course course;
  private final List<Worker> workers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>(); // guarded by this
  private final long begun = System.nanoTime();
  private Runnable farewell = () -> {}; // set before the first thread starts
  private volatile LoadStatus.State reason = LoadStatus.State.FINISHED;

  // The last mark: when it was, and what had been counted then. Guarded by this.
  private long mark = begun;
  private long markedOperations;
  private long markedFailures;
  private long markedCorruptions;

  private Load(Course course, boolean paced) {
    this.course = course;
    this.paced = paced;
  }

  /**
   * Starts a load on a booted system, which stops it when it is closed.
   *
   * @param system whose heap to call
   * @param spec what to do
   * @return the load, running
   * @throws TraceException if the trace cannot be read
   * @throws IllegalArgumentException if the numbers do not fit together, or the machine
   */
  public static Load start(BootedSystem system, LoadSpec spec) throws TraceException {
    long ram = system.machine().map().usableBytes();
    Load load = prepare(system.heap(), system.machine().cpus(), ram, spec);
    AutoCloseable client = load::endWithSystem;
    load.farewell = () -> system.removeClient(client);
    system.addClient(client);
    load.begin();
    return load;
  }

  /**
   * Starts a load on any heap. Live bytes are 64 MiB if the specification does not say.
   *
   * @param heap the heap to call
   * @param cpus number of CPUs that the threads are spread over, at least 1
   * @param spec what to do
   * @return the load, running; to be stopped before the heap ends
   * @throws TraceException if the trace cannot be read
   * @throws IllegalArgumentException if the numbers do not fit together
   */
  public static Load start(Heap heap, int cpus, LoadSpec spec) throws TraceException {
    Load load = prepare(heap, cpus, Long.MAX_VALUE, spec);
    load.begin();
    return load;
  }

  private static Load prepare(Heap heap, int cpus, long ram, LoadSpec spec) throws TraceException {
    LoadSpec.check("CPUs", cpus, 1, Integer.MAX_VALUE);
    Plan plan = Plan.of(spec, ram);
    Course course = new Course(spec.threads(), plan.slots());
    Load load = new Load(course, spec.rate().isPresent());
    try {
      for (int thread = 0; thread < spec.threads(); thread++) {
        load.workers.add(plan.worker(heap, thread, thread % cpus, course));
      }
    } catch (TraceException | RuntimeException e) {
      load.workers.forEach(Worker::abandon);
      throw e;
    }
    return load;
  }

  private synchronized void begin() {
    for (int i = 0; i < workers.size(); i++) {
      threads.add(Thread.ofPlatform().daemon().name("load-" + i).start(once(workers.get(i))));
    }
  }

  // A thread that has ended keeps what it ran, and Felix' class loaders keep threads that once
  // loaded
  // a class: a load, and with it a system, must not hang on its threads.
  private static Runnable once(Runnable body) {
    AtomicReference<@Nullable Runnable> held = new AtomicReference<>(body);
    return () -> Objects.requireNonNull(held.getAndSet(null), "it ran before").run();
  }

  /** {@return what it is doing, and what came of it so far} */
  public synchronized LoadStatus status() {
    return status(System.nanoTime());
  }

  private LoadStatus status(long now) {
    boolean over = course.present() == 0; // first: what is counted below is final then
    Histogram all = Latencies.empty();
    Histogram marked = Latencies.empty();
    for (Worker worker : workers) {
      worker.client().latencies().collect();
      worker.addTo(all, marked, mark, now);
    }
    // Once: the threads go on, and both intervals end at the same count.
    long operations = sum(Tally::operations);
    long failures = sum(Tally::failures);
    long corruptions = sum(Tally::corruptions);
    return new LoadStatus(
        over ? reason : course.ending() ? LoadStatus.State.ENDING : LoadStatus.State.RUNNING,
        workers.size(),
        paced,
        interval(all, nanos(begun, now), operations, failures, corruptions),
        interval(
            marked,
            nanos(mark, now),
            operations - markedOperations,
            failures - markedFailures,
            corruptions - markedCorruptions),
        sum(Tally::liveBlocks),
        sum(Tally::liveBytes),
        course.findings().failures(),
        course.findings().damages());
  }

  private static LoadInterval interval(
      Histogram latencies, long nanos, long operations, long failures, long corruptions) {
    return new LoadInterval(
        nanos / NANOS_PER_SECOND,
        operations,
        failures,
        corruptions,
        latencies.getValueAtPercentile(HALF),
        latencies.getValueAtPercentile(TWO_NINES),
        latencies.getValueAtPercentile(THREE_NINES),
        latencies.getMaxValue());
  }

  private long nanos(long since, long now) {
    return workers.stream().mapToLong(worker -> worker.nanos(since, now)).max().orElse(0);
  }

  private long sum(ToLongFunction<Tally> count) {
    return workers.stream().map(worker -> worker.client().tally()).mapToLong(count).sum();
  }

  /**
   * Begins a new interval.
   *
   * @return the status until now, with the interval that ends
   */
  public synchronized LoadStatus mark() {
    long now = System.nanoTime();
    LoadStatus before = status(now);
    mark = now;
    markedOperations = before.sinceStart().operations();
    markedFailures = before.sinceStart().failures();
    markedCorruptions = before.sinceStart().corruptions();
    workers.forEach(worker -> worker.client().latencies().mark());
    return before;
  }

  /**
   * Waits until all threads have ended by themselves.
   *
   * @param seconds how long to wait at most, at least 0
   * @return whether they have
   * @throws InterruptedException if the waiting thread is interrupted; the load goes on
   */
  public boolean await(long seconds) throws InterruptedException {
    return course.await(seconds, TimeUnit.SECONDS);
  }

  /**
   * Ends the threads, which verify and free what they hold, and waits for them. Idempotent.
   *
   * @return the final status
   * @throws IllegalStateException if a thread does not return from a call to the heap
   * @throws CancellationException if the waiting thread is interrupted; the load ends all the same,
   *     and the interrupt status stays set
   */
  public LoadStatus stop() {
    end(LoadStatus.State.STOPPED);
    farewell.run();
    return status();
  }

  /** Stops, as {@link #stop} does. */
  @Override
  public void close() {
    stop();
  }

  private void endWithSystem() {
    end(LoadStatus.State.SYSTEM_CLOSED);
  }

  private void end(LoadStatus.State why) {
    List<Thread> resting;
    synchronized (this) {
      resting = List.copyOf(threads); // whoever starts later sees that it is to end
      if (course.present() > 0 && !course.ending()) {
        reason = why;
        course.end();
      }
    }
    resting.forEach(LockSupport::unpark);
    try {
      if (!course.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            "%d of %d threads of the load did not return from the heap in %d s; their blocks stay"
                .formatted(course.present(), workers.size(), PATIENCE_SECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while the load ended; it ends by itself");
    }
  }
}
