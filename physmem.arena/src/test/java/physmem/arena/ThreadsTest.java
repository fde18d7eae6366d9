package physmem.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.Statistic;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import physmem.api.FrameConstraints;
import physmem.api.FrameEngine;
import physmem.api.FrameSpan;

/** Several threads at once: no frame goes to two of them, and everything comes home. */
class ThreadsTest {
  private static final int CPUS = 4;
  private static final int STEPS = 40_000;
  private static final long BASE = (1 << 20) - 2048; // two zones

  private final ArenaFrames engine =
      TestRam.of(CPUS, new FrameSpan(BASE, 4096, 0), new FrameSpan(BASE + 4096, 4096, 1)).open();
  private final AtomicLongArray owners = new AtomicLongArray(8192); // 0: nobody

  @Test
  @Timeout(120)
  void shouldGiveNoFrameToTwoCpus() throws Exception {
    run(1);
  }

  @Test
  @Timeout(120)
  void shouldGiveNoFrameToTwoThreadsOfOneCpu() throws Exception {
    run(CPUS);
  }

  private void run(int threadsPerCpu) throws Exception {
    List<Callable<Long>> tasks = new ArrayList<>();
    for (int i = 0; i < CPUS; i++) {
      int owner = i + 1;
      tasks.add(() -> work(owner / threadsPerCpu % CPUS, owner));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(CPUS)) {
      long allocated = 0;
      for (Future<Long> result : threads.invokeAll(tasks)) {
        allocated += result.get();
      }
      assertTrue(allocated > STEPS, "allocated " + allocated);
    }
    engine.drain();
    engine.checkInvariants();
    assertEquals(0, engine.census().liveCount());
    assertEquals(8192, engine.freeFrames());
    engine.zones().forEach(zone -> assertEquals(zone.managed() / 1024, zone.freeBlocks().get(10)));
    long cached =
        engine.statistics().stream()
            .filter(figure -> figure.name().equals("qcache_alloc"))
            .mapToLong(Statistic::value)
            .sum();
    assertTrue(cached > STEPS / 10, "served from magazines: " + cached);
  }

  private long work(int cpu, int owner) {
    Random random = new Random(owner);
    List<long[]> mine = new ArrayList<>();
    long allocated = 0;
    for (int step = 0; step < STEPS; step++) {
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
    int order = random.nextInt(8) == 0 ? random.nextInt(8) : 0;
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
      assertTrue(owners.compareAndSet(at, from, to), "frame " + at + " is " + owners.get(at));
    }
  }
}
