package allocator.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/** Several threads at once: no quantum is ever handed out twice, and nothing is lost. */
class ThreadsTest {
  private static final int THREADS = 4;
  private static final int STEPS = 30_000;
  private static final long Q = 0x1000;
  private static final int QUANTA = 2048;
  private final AtomicIntegerArray owners = new AtomicIntegerArray(QUANTA);

  @Test
  void shouldNeverHandOutAQuantumTwice() throws Exception {
    Arena arena = Arenas.plain(Q, 0, QUANTA * Q);
    run(arena);
    assertEquals(QUANTA * Q, arena.freeBytes());
  }

  @Test
  void shouldNeverHandOutAQuantumTwiceThroughCaches() throws Exception {
    Arena arena =
        new Arena(
            new ArenaShape("cached", Q, Optional.empty(), 8 * Q, "bytes"),
            ArenaTuning.DEFAULT,
            THREADS);
    arena.addSpan(0, QUANTA * Q);
    run(arena);
    arena.drain();
    assertEquals(QUANTA * Q, arena.freeBytes());
    assertTrue(Arenas.figure(arena, "qcache_alloc") > STEPS / 10);
  }

  @Test
  void shouldNeverHandOutAQuantumTwiceThroughImports() throws Exception {
    Arena parent = Arenas.plain(8 * Q, 0, QUANTA * Q);
    Arena child =
        new Arena(
            new ArenaShape("child", Q, Optional.of(new ArenaSource(parent)), 4 * Q, "bytes"),
            ArenaTuning.DEFAULT,
            THREADS);
    run(child);
    child.close();
    parent.checkInvariants();
    assertEquals(QUANTA * Q, parent.freeBytes());
  }

  private void run(Arena arena) throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
      List<Callable<Long>> work = new ArrayList<>();
      for (int cpu = 0; cpu < THREADS; cpu++) {
        int own = cpu;
        work.add(() -> new Worker(arena, own).go());
      }
      long failures = 0;
      for (Future<Long> each : pool.invokeAll(work)) {
        failures += each.get();
      }
      assertTrue(failures < (long) THREADS * STEPS / 2, failures + " failures");
    }
    assertTrue(arena.checkInvariants() > 10);
    assertEquals(0, arena.allocatedBytes());
  }

  private final class Worker {
    private final Arena arena;
    private final int cpu;
    private final Random random;
    private final List<long[]> live = new ArrayList<>();

    Worker(Arena arena, int cpu) {
      this.arena = arena;
      this.cpu = cpu;
      this.random = new Random(cpu);
    }

    long go() {
      long failures = 0;
      for (int step = 0; step < STEPS; step++) {
        if (live.size() < 20 + random.nextInt(100)) {
          failures += allocate() ? 0 : 1;
        } else {
          free(live.remove(random.nextInt(live.size())));
        }
      }
      live.forEach(this::free);
      return failures;
    }

    private boolean allocate() {
      long quanta = 1 + random.nextInt(random.nextInt(10) == 0 ? 20 : 4);
      Fit policy = Policies.any(random);
      boolean constrained = random.nextInt(8) == 0;
      long got =
          constrained
              ? arena.allocateConstrained(quanta * Q, Constraints.aligned(4 * Q), policy)
              : arena.allocate(cpu, quanta * Q, policy);
      if (got == Arena.NONE) {
        return false;
      }
      mark(got, quanta, 0, cpu + 1);
      live.add(new long[] {got, quanta, constrained ? 1 : 0});
      return true;
    }

    private void free(long[] range) {
      mark(range[0], range[1], cpu + 1, 0);
      if (range[2] == 1) {
        arena.freeConstrained(range[0], range[1] * Q);
      } else {
        arena.free(cpu, range[0], range[1] * Q);
      }
    }

    private void mark(long base, long quanta, int from, int to) {
      for (long i = base / Q; i < base / Q + quanta; i++) {
        assertTrue(
            owners.compareAndSet((int) i, from, to),
            "quantum " + i + " is owned by " + owners.get((int) i) + ", cpu seed " + cpu);
      }
    }
  }
}
