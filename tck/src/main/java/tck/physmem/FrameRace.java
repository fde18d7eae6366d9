package tck.physmem;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;
import physmem.api.FrameConstraints;
import physmem.api.FrameContext;
import physmem.api.FrameEngine;
import physmem.api.FrameSpan;
import tck.Broken;
import tck.Expect;

/**
 * Several threads at once on one frame allocator, while another looks at its figures: no frame goes
 * to two of them, and everything comes home. For one race.
 */
public final class FrameRace {
  private static final int CPUS = 4;
  private static final int STEPS = 40_000;
  private static final int FRAMES = 4096; // of a node
  private static final int LARGEST = 10; // order
  private static final long BASE = (1 << 20) - 2048; // two zones

  private final FrameEngine engine;
  private final long seed;
  private final int steps;
  private final AtomicLongArray owners = new AtomicLongArray(2 * FRAMES); // 0: nobody
  private final AtomicInteger working = new AtomicInteger(CPUS);

  /**
   * Opens the allocator over RAM in two zones on two nodes, for a race of the usual length.
   *
   * @param opener opens it
   */
  public FrameRace(Function<FrameContext, FrameEngine> opener) {
    this(opener, 0, STEPS);
  }

  /**
   * Opens the allocator over RAM in two zones on two nodes.
   *
   * @param opener opens it
   * @param seed decides the calls of each thread
   * @param steps calls of each thread, at least 1
   */
  public FrameRace(Function<FrameContext, FrameEngine> opener, long seed, int steps) {
    List<FrameSpan> spans =
        List.of(new FrameSpan(BASE, FRAMES, 0), new FrameSpan(BASE + FRAMES, FRAMES, 1));
    this.engine = opener.apply(new Ram(CPUS, spans));
    this.seed = seed;
    this.steps = steps;
  }

  /** {@return the allocator} */
  public FrameEngine engine() {
    return engine;
  }

  /**
   * Lets four threads allocate and free at random and a fifth look on, and looks at what is left.
   *
   * @param threadsPerCpu how many of them name the same CPU
   * @throws AssertionError if a frame had two owners, or did not come home
   * @throws InterruptedException if the waiting thread is interrupted
   * @throws ExecutionException if a thread failed, with the reason
   */
  public void run(int threadsPerCpu) throws InterruptedException, ExecutionException {
    List<Callable<Long>> tasks = new ArrayList<>();
    tasks.add(this::watch);
    for (int i = 0; i < CPUS; i++) {
      int owner = i + 1;
      tasks.add(() -> worked(cpuOf(owner, threadsPerCpu), owner));
    }
    long allocated = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
      for (Future<Long> result : threads.invokeAll(tasks)) {
        allocated += result.get();
      }
    }
    Expect.that(allocated > steps, "allocated " + allocated);
    engine.drain();
    engine.checkInvariants();
    Expect.equal(0L, engine.census().liveCount(), "live at the end");
    Expect.equal(2L * FRAMES, engine.freeFrames(), "free at the end");
    engine.zones().stream()
        .filter(zone -> zone.freeBlocks().size() > LARGEST)
        .forEach(zone ->
            Expect.equal(zone.managed() >> LARGEST, zone.freeBlocks().get(LARGEST), "merged"));
  }

  private static int cpuOf(int owner, int threadsPerCpu) {
    return owner / threadsPerCpu % CPUS;
  }

  // At least once, and as long as somebody works.
  private long watch() {
    do {
      look("allocator.3", () -> Expect.that(engine.statistics() != null, "statistics are null"));
      for (String name : engine.reports()) {
        look("allocator.4", () -> Expect.that(engine.report(name) != null, name + " is null"));
      }
      Thread.onSpinWait();
    } while (working.get() > 0);
    return 0;
  }

  private static void look(String clause, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | AssertionError e) {
      throw Broken.by(clause, "while hot calls were under way", e);
    }
  }

  private long worked(int cpu, int owner) {
    try {
      return work(cpu, owner);
    } finally {
      working.decrementAndGet();
    }
  }

  private long work(int cpu, int owner) {
    Random random = new Random(seed * CPUS + owner);
    List<long[]> mine = new ArrayList<>();
    long allocated = 0;
    for (int step = 0; step < steps; step++) {
      if (random.nextInt(mine.size() + 60) < 55) {
        long[] range = allocate(cpu, random);
        if (range[0] != FrameEngine.NONE) {
          claim(range, 0, owner);
          mine.add(range);
          allocated++;
        }
      } else if (!mine.isEmpty()) {
        free(cpu, mine.remove(random.nextInt(mine.size())), owner);
      }
    }
    mine.forEach(range -> free(cpu, range, owner));
    return allocated;
  }

  private long[] allocate(int cpu, Random random) {
    int order = random.nextInt(8) == 0 ? random.nextInt(Math.min(8, engine.maxOrder() + 1)) : 0;
    if (random.nextInt(50) == 0) {
      long count = 1L + random.nextInt(40);
      long frame = engine.allocateContiguous(cpu, count, FrameConstraints.ANYWHERE, 0);
      return new long[] {frame, count, -1};
    }
    return new long[] {engine.allocate(cpu, order, random.nextInt(3)), 1L << order, order};
  }

  private void free(int cpu, long[] range, int owner) {
    claim(range, owner, 0);
    if (range[2] >= 0) {
      engine.free(cpu, range[0], (int) range[2]);
    } else {
      engine.freeRange(cpu, range[0], range[1]);
    }
  }

  private void claim(long[] range, int from, int to) {
    for (int i = 0; i < range[1]; i++) {
      int at = (int) (range[0] - BASE) + i;
      Expect.that(owners.compareAndSet(at, from, to), "frame " + at + " is " + owners.get(at));
    }
  }
}
