package heap.tlsf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CensusSummary;
import allocator.api.MisuseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import tck.heap.HeapGround;

/** Calls from several threads. */
class ThreadsTest {
  private static final int THREADS = 4;
  private static final int ROUNDS = 30_000;

  private final HeapGround ground = new HeapGround(64 << 20, THREADS);
  private final TlsfEngine heap = Heaps.open(ground, "growth", "16K", "empty.keep", "64K");
  private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());

  private void together(IntConsumer each) throws InterruptedException {
    Thread[] threads = new Thread[THREADS];
    for (int i = 0; i < THREADS; i++) {
      int cpu = i;
      threads[i] = new Thread(() -> each.accept(cpu));
      threads[i].setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(List.of(), failures);
  }

  /* Each block carries its own address at both ends. */
  private void churn(int cpu) {
    Random random = new Random(cpu);
    List<Long> mine = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      if (mine.size() < 200 && random.nextInt(5) < 3) {
        long block = heap.allocate(cpu, 16 + random.nextInt(2000));
        mark(block);
        mine.add(block);
      } else if (!mine.isEmpty()) {
        int at = random.nextInt(mine.size());
        long block = mine.get(at);
        requireMarked(block);
        if (random.nextInt(4) == 0) {
          long moved = heap.resize(cpu, block, 16 + random.nextInt(3000));
          assertEquals(block, ground.memory.getLong(moved));
          mark(moved);
          mine.set(at, moved);
        } else {
          heap.free(cpu, block);
          mine.remove(at);
        }
      }
      if (i % 1000 == 0) {
        heap.trim(random.nextInt(100_000));
        assertTrue(heap.report("tlsf").size() > 2);
      }
    }
    mine.forEach(block -> heap.free(cpu, block));
  }

  private void mark(long block) {
    ground.memory.putLong(block, block);
    ground.memory.putLong(block + heap.usableSize(block) - 8, block);
  }

  private void requireMarked(long block) {
    assertEquals(block, ground.memory.getLong(block));
    assertEquals(block, ground.memory.getLong(block + heap.usableSize(block) - 8));
  }

  @Test
  void shouldServeSeveralThreads() throws InterruptedException {
    together(this::churn);
    assertTrue(heap.checkInvariants() > 0);
    assertEquals(CensusSummary.EMPTY.liveCount(), heap.census().liveCount());
    heap.trim(0);
    assertEquals(0, ground.backedBytes());
  }

  @Test
  void shouldFreeABlockOnceThoughAllTry() throws InterruptedException {
    int blocks = 5_000;
    long[] shared = new long[blocks];
    for (int i = 0; i < blocks; i++) {
      shared[i] = heap.allocate(0, 100);
    }
    int[] freed = new int[THREADS];
    together(cpu -> {
      for (long block : shared) {
        try {
          heap.free(cpu, block);
          freed[cpu]++;
        } catch (MisuseException e) {
          assertTrue(String.valueOf(e.getMessage()).contains("no live block"));
        }
      }
    });
    assertEquals(blocks, freed[0] + freed[1] + freed[2] + freed[3]);
    assertTrue(heap.checkInvariants() > 0);
  }

  @Test
  void shouldAnswerWhenRelievedDuringAWalk() throws InterruptedException {
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      blocks.add(heap.allocate(0, i % 700));
    }
    for (int i = 0; i < 1_000; i++) {
      heap.free(0, blocks.remove(i));
    }
    CensusSummary census = heap.census();
    AtomicBoolean walked = new AtomicBoolean();
    together(cpu -> {
      for (int round = 0; round < 20; round++) {
        if (cpu == 0) {
          assertEquals(census, heap.census());
          walked.set(true);
        } else {
          blocks.forEach(block -> assertTrue(heap.usableSize(block) >= 24));
        }
      }
    });
    assertTrue(walked.get());
    heap.close();
    heap.close();
  }
}
