package physmem.llfree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.MisuseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import physmem.api.FrameConstraints;
import physmem.api.FrameEngine;

/** Several threads with all orders, runs cut by two threads, bulk, and frees in a race. */
class StressTest {
  private static final int THREADS = 4;
  private static final int STEPS = 6000;
  private static final long BASE = (1 << 20) - 4096; // two zones
  private static final int FRAMES = 20_000;

  private final AtomicIntegerArray owners = new AtomicIntegerArray(FRAMES); // 0: nobody

  private interface Work {
    void run(int thread) throws Exception;
  }

  private static void together(int threads, Work work) throws Exception {
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int thread = i;
      tasks.add(() -> {
        work.run(thread);
        return true;
      });
    }
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (Future<Boolean> result : pool.invokeAll(tasks)) {
        assertTrue(result.get());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"2, on, 4", "32, on, 4", "32, on, 1", "4, off, 4"})
  @Timeout(120)
  void shouldGiveNoFrameToTwo(String trees, String reserve, int cpus) throws Exception {
    LlfreeFrames engine =
        TestRam.spans(cpus, BASE, FRAMES).open("trees", trees, "reserve", reserve);
    together(THREADS, thread -> work(engine, thread % cpus, thread + 1));
    engine.checkInvariants();
    assertEquals(0, engine.census().liveCount());
    engine.drain();
    engine.checkInvariants();
    assertEquals(FRAMES, engine.freeFrames());
    LlfreeFrames fresh = TestRam.spans(cpus, BASE, FRAMES).open();
    for (int i = 0; i < 2; i++) {
      assertEquals(fresh.zones().get(i).freeBlocks(), engine.zones().get(i).freeBlocks());
    }
  }

  private void work(LlfreeFrames engine, int cpu, int owner) {
    Random random = new Random(owner);
    List<long[]> mine = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      if (random.nextInt(mine.size() + 20) < 18) {
        allocate(engine, cpu, owner, random, mine);
      } else {
        free(engine, cpu, owner, random, mine.remove(random.nextInt(mine.size())));
      }
    }
    mine.forEach(range -> free(engine, cpu, owner, random, range));
  }

  private void allocate(LlfreeFrames engine, int cpu, int owner, Random random, List<long[]> mine) {
    int order = random.nextInt(3) == 0 ? random.nextInt(11) : random.nextInt(3);
    switch (random.nextInt(8)) {
      case 0 -> {
        long count = 1L + random.nextInt(random.nextBoolean() ? 40 : 1500);
        long frame = engine.allocateContiguous(cpu, count, FrameConstraints.ANYWHERE, 0);
        keep(frame, count, -1, owner, mine);
      }
      case 1 -> {
        long[] frames = new long[1 + random.nextInt(40)];
        int got = engine.allocateBulk(cpu, order & 3, 0, frames, 0, frames.length);
        for (int i = 0; i < got; i++) {
          keep(frames[i], 1L << (order & 3), order & 3, owner, mine);
        }
      }
      default -> keep(engine.allocate(cpu, order, 0), 1L << order, order, owner, mine);
    }
  }

  private void keep(long frame, long count, int order, int owner, List<long[]> mine) {
    if (frame != FrameEngine.NONE) {
      claim(frame, count, 0, owner);
      mine.add(new long[] {frame, count, order});
    }
  }

  private void free(LlfreeFrames engine, int cpu, int owner, Random random, long[] range) {
    claim(range[0], range[1], owner, 0);
    if (range[2] >= 0 && random.nextInt(4) != 0) {
      engine.free(cpu, range[0], (int) range[2]);
      return;
    }
    long part = random.nextLong(range[1]);
    if (part > 0) {
      engine.freeRange(cpu, range[0] + part, range[1] - part);
      engine.freeRange(cpu, range[0], part);
    } else {
      engine.freeRange(cpu, range[0], range[1]);
    }
  }

  private void claim(long frame, long count, int from, int to) {
    for (int i = 0; i < count; i++) {
      int at = (int) (frame - BASE) + i;
      assertTrue(owners.compareAndSet(at, from, to), "frame " + at + " is " + owners.get(at));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5, 6, 8, 9, 10})
  @Timeout(60)
  void shouldRefuseOneOfTwoFreesAtTheSameInstant(int order) throws Exception {
    LlfreeFrames engine = TestRam.spans(2, BASE, FRAMES).open();
    CyclicBarrier start = new CyclicBarrier(2);
    AtomicIntegerArray freed = new AtomicIntegerArray(300);
    long[] block = {0};
    together(
        2,
        thread -> {
          for (int round = 0; round < freed.length(); round++) {
            if (start.await() == 0) {
              block[0] = engine.allocate(0, order, 0);
            }
            start.await();
            try {
              engine.free(thread, block[0], order);
              freed.incrementAndGet(round);
            } catch (MisuseException e) {
              assertTrue(String.valueOf(e.getMessage()).contains("free"));
            }
          }
        });
    for (int round = 0; round < freed.length(); round++) {
      assertEquals(1, freed.get(round), "round " + round);
    }
    assertEquals(FRAMES, engine.freeFrames());
    engine.checkInvariants();
  }

  @Test
  @Timeout(60)
  void shouldLetTwoThreadsFreePartsOfOneHugeBlock() throws Exception {
    LlfreeFrames engine = TestRam.spans(2, BASE, FRAMES).open();
    CyclicBarrier start = new CyclicBarrier(2);
    Random random = new Random(7);
    long[] block = {0, 0};
    together(
        2,
        thread -> {
          for (int round = 0; round < 1000; round++) {
            if (start.await() == 0) {
              block[0] = engine.allocate(0, 10, 0);
              block[1] = random.nextInt(4) == 0 ? 512 : 1 + random.nextInt(1023);
            }
            start.await();
            long cut = block[0] + block[1];
            long from = thread == 0 ? block[0] : cut;
            engine.freeRange(thread, from, thread == 0 ? block[1] : 1024 - block[1]);
          }
        });
    assertEquals(FRAMES, engine.freeFrames());
    engine.checkInvariants();
  }
}
