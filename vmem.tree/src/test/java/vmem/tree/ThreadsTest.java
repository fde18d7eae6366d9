package vmem.tree;

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
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.ArenaSource;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/** Several threads at once: no quantum has two owners, and nothing is lost. */
class ThreadsTest {
  private static final int THREADS = 4;
  private static final int STEPS = 20_000;
  private static final long Q = 0x1000;
  private static final int QUANTA = 1 << 14;
  private final AtomicIntegerArray owners = new AtomicIntegerArray(QUANTA);

  @Test
  void shouldNeverGiveAQuantumTwoOwners() throws Exception {
    TreeArena arena = Arenas.of(ArenaSpec.of("shared", Q), Arenas.settings("lazy", "1M"));
    for (int span = 0; span < 16; span++) {
      arena.addSpan(span * (QUANTA / 16 * Q), QUANTA / 16 * Q);
    }
    run(arena);
    assertTrue(Arenas.figure(arena, "tlb_flush") > 10);
    arena.drain();
    assertEquals(QUANTA * Q, arena.freeBytes());
    assertEquals(QUANTA / 16 * Q, arena.largestFree());
    assertTrue(arena.checkInvariants() > 50);
  }

  @Test
  void shouldNeverGiveAQuantumTwoOwnersThroughImports() throws Exception {
    TreeArena parent = Arenas.of("parent", 8 * Q);
    parent.addSpan(0, QUANTA * Q);
    ArenaSpec spec = new ArenaSpec("child", Q, Optional.of(new ArenaSource(parent)), 0, false);
    TreeArena child = Arenas.of(spec, Arenas.settings("lazy", "256K"));
    run(child);
    child.drain();
    assertEquals(0, Arenas.figure(child, "mem_total"));
    child.close();
    assertEquals(0, parent.allocatedBytes());
    assertEquals(QUANTA * Q, parent.freeBytes());
    parent.checkInvariants();
  }

  /** Lets all threads work on an arena. */
  private void run(TreeArena arena) throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
      List<Callable<Long>> work = new ArrayList<>();
      for (int cpu = 0; cpu < THREADS; cpu++) {
        Worker worker = new Worker(arena, cpu);
        work.add(worker::go);
      }
      long quanta = 0;
      for (Future<Long> each : pool.invokeAll(work)) {
        quanta += each.get();
      }
      assertTrue(arena.checkInvariants() > 5);
      assertEquals(0, arena.allocatedBytes());
      assertEquals(Arenas.figure(arena, "alloc"), Arenas.figure(arena, "free"));
      assertTrue(quanta > THREADS * STEPS);
    }
  }

  private final class Worker {
    private final TreeArena arena;
    private final int cpu;
    private final Random random;
    private final List<long[]> live = new ArrayList<>();

    Worker(TreeArena arena, int cpu) {
      this.arena = arena;
      this.cpu = cpu;
      this.random = new Random(cpu);
    }

    long go() {
      long quanta = 0;
      for (int step = 0; step < STEPS; step++) {
        if (live.size() < 20 + random.nextInt(100)) {
          quanta += allocate(1 + random.nextInt(random.nextInt(10) == 0 ? 20 : 4));
        } else {
          free(live.remove(random.nextInt(live.size())));
        }
        if (step % 5000 == 0) {
          assertTrue(arena.checkInvariants() > 5);
        }
      }
      live.forEach(this::free);
      return quanta;
    }

    private long allocate(long quanta) {
      boolean constrained = random.nextInt(8) == 0;
      long got =
          constrained
              ? arena.allocateConstrained(
                  cpu, quanta * Q, AddressConstraints.aligned(4 * Q), FitPolicy.INSTANT)
              : arena.allocate(cpu, quanta * Q, FitPolicy.INSTANT);
      if (got == AddressArena.NONE) {
        return 0;
      }
      for (long i = got / Q; i < got / Q + quanta; i++) {
        assertEquals(1, owners.incrementAndGet((int) i), "quantum " + i + ", cpu seed " + cpu);
      }
      live.add(new long[] {got, quanta});
      return quanta;
    }

    private void free(long[] range) {
      for (long i = range[0] / Q; i < range[0] / Q + range[1]; i++) {
        owners.decrementAndGet((int) i);
      }
      arena.free(cpu, range[0], range[1] * Q);
    }
  }
}
