package heap.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CensusSummary;
import allocator.api.MisuseException;
import heap.api.CacheSpec;
import heap.api.ObjectCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that exchange blocks, each filled with a pattern that its finder verifies. */
class StressTest {
  private static final int THREADS = 4;
  private static final int STEPS = 20_000;
  private static final long MARK = 0x0f0f_f0f0_1234_4321L;

  /** A task of one thread. */
  private interface Work {
    void run(int thread) throws Exception;
  }

  private static void inParallel(Work work) throws Exception {
    inParallel(THREADS, work);
  }

  private static void inParallel(int threads, Work work) throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int thread = i;
        ends.add(
            pool.submit(() -> {
              work.run(thread);
              return true;
            }));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    }
  }

  private static void stamp(Ground ground, long block, long bytes) {
    for (long i = 0; i + 8 <= bytes; i += 8) {
      ground.memory.putLong(block + i, block ^ (bytes + i));
    }
  }

  private static void verify(Ground ground, long block, long bytes) {
    for (long i = 0; i + 8 <= bytes; i += 8) {
      assertEquals(block ^ (bytes + i), ground.memory.getLong(block + i), "content of a block");
    }
  }

  private static long size(Random random) {
    return switch (random.nextInt(40)) {
      case 0 -> random.nextInt(40_000);
      case 1, 2, 3 -> random.nextInt(4096);
      default -> 1 + random.nextInt(200);
    };
  }

  /** An entry is a block's distance from the base and its size, so that one swap moves both. */
  private static long entry(Ground ground, long block, long bytes) {
    return (block - ground.base) << 16 | bytes;
  }

  @ParameterizedTest(name = "{0} MiB, {1} CPUs, {2}")
  @CsvSource({
    "64, 4, caching=contention",
    "64, 4, caching=always",
    "64, 1, caching=always",
    "4, 4, caching=always zc.mag.size=1",
    "64, 4, caching=contention zc.enable.level=1 wss.period=1",
    "64, 2, sequester=off"
  })
  void shouldKeepBlocksApartThatThreadsExchange(int mib, int cpus, String settings)
      throws Exception {
    Ground ground = new Ground(128L << 20, cpus);
    ground.frames = mib << 8;
    ZoneHeap heap = ground.heap(settings.split("[ =]", -1));
    AtomicLongArray shared = new AtomicLongArray(3000);
    AtomicInteger refused = new AtomicInteger();
    inParallel(thread -> {
      Random random = new Random(100 + thread);
      for (int i = 0; i < STEPS; i++) {
        int cpu = (thread + (i & 1)) % cpus;
        long old = shared.getAndSet(random.nextInt(shared.length()), 0);
        if (old != 0) {
          verify(ground, ground.base + (old >>> 16), old & 0xffff);
          heap.free(cpu, ground.base + (old >>> 16));
        }
        long bytes = size(random);
        long block = heap.allocate(cpu, bytes);
        if (block == 0) {
          refused.incrementAndGet();
          heap.trim(0);
          continue;
        }
        stamp(ground, block, bytes);
        if (!shared.compareAndSet(
            random.nextInt(shared.length()), 0, entry(ground, block, bytes))) {
          verify(ground, block, bytes);
          heap.freeSized(cpu, block, bytes);
        }
      }
    });
    assertTrue(heap.checkInvariants() > 0);
    assertTrue(mib < 64 || refused.get() == 0);
    long left = 0;
    for (int i = 0; i < shared.length(); i++) {
      left += shared.get(i) != 0 ? 1 : 0;
    }
    assertEquals(left, heap.census().liveCount());
    for (int i = 0; i < shared.length(); i++) {
      if (shared.get(i) != 0) {
        verify(ground, ground.base + (shared.get(i) >>> 16), shared.get(i) & 0xffff);
        heap.free(0, ground.base + (shared.get(i) >>> 16));
      }
    }
    heap.trim(0);
    assertEquals(0, ground.backedBytes(), "every frame is home");
    assertTrue(heap.checkInvariants() > 0);
  }

  /** Two threads free the same blocks in the same order, each waiting until the other is there. */
  @ParameterizedTest(name = "blocks of {0} bytes")
  @ValueSource(longs = {16, 64, 20_000})
  void shouldLetExactlyOneOfTwoFreesAtOneInstantPass(long bytes) throws Exception {
    Ground ground = new Ground(64L << 20, 2);
    ZoneHeap heap = ground.heap();
    long[] blocks = new long[bytes > 16384 ? 1000 : 20_000];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = heap.allocate(0, bytes);
    }
    AtomicIntegerArray reached = new AtomicIntegerArray(2);
    AtomicInteger passed = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    inParallel(
        2,
        thread -> {
          try {
            for (int i = 0; i < blocks.length; i++) {
              reached.set(thread, i);
              for (int spins = 0; reached.get(1 - thread) < i; spins++) {
                if (spins > 1000) {
                  LockSupport.parkNanos(1000); // the other has no processor
                }
              }
              try {
                heap.free(thread, blocks[i]);
                passed.incrementAndGet();
              } catch (MisuseException e) {
                refused.incrementAndGet();
              }
            }
          } finally { // also to let the other go on if this one fails
            reached.set(thread, blocks.length);
          }
        });
    assertEquals(blocks.length, passed.get());
    assertEquals(blocks.length, refused.get());
    assertEquals(0, heap.census().liveCount());
    assertTrue(heap.checkInvariants() > 0);
  }

  @Test
  void shouldLoseNoMarkOfSmallObjectsThatShareAByte() throws Exception {
    Ground ground = new Ground(16L << 20, THREADS);
    ZoneHeap heap = ground.heap();
    AtomicLongArray shared = new AtomicLongArray(64); // one word of marks
    inParallel(thread -> {
      Random random = new Random(400 + thread);
      for (int i = 0; i < 3 * STEPS; i++) {
        long old = shared.getAndSet(random.nextInt(shared.length()), heap.allocate(thread, 16));
        if (old != 0) {
          heap.free(thread, old); // refused if its mark was lost
        }
      }
    });
    assertTrue(heap.checkInvariants() > 0);
    assertEquals(shared.length(), heap.census().liveCount());
  }

  @Test
  void shouldKeepConstructedStateWhileThreadsShareACache() throws Exception {
    Ground ground = new Ground(16L << 20, THREADS);
    ZoneHeap heap = ground.heap();
    AtomicLong constructed = new AtomicLong();
    ObjectCache cache =
        heap.createCache(
                new CacheSpec(
                    "session",
                    48,
                    0,
                    Optional.of((memory, object) -> {
                      constructed.incrementAndGet();
                      memory.putLong(object, MARK ^ object);
                    }),
                    Optional.of((memory, object) -> {
                      assertEquals(MARK ^ object, memory.getLong(object), "at its end");
                      constructed.decrementAndGet();
                    })))
            .orElseThrow();
    inParallel(thread -> {
      Random random = new Random(200 + thread);
      long[] mine = new long[300];
      for (int i = 0; i < STEPS; i++) {
        int at = random.nextInt(mine.length);
        if (mine[at] != 0) {
          assertEquals(thread, ground.memory.getLong(mine[at] + 8), "nobody else's");
          cache.free(thread, mine[at]);
          mine[at] = 0;
        } else {
          mine[at] = cache.allocate(thread);
          assertEquals(MARK ^ mine[at], ground.memory.getLong(mine[at]), "constructed");
          ground.memory.putLong(mine[at] + 8, thread);
        }
        if (i % 5000 == 0) {
          cache.reap();
        }
      }
      for (long object : mine) {
        if (object != 0) {
          heap.free(thread, object);
        }
      }
    });
    assertTrue(heap.checkInvariants() > 0);
    cache.close();
    assertEquals(0, constructed.get());
    heap.trim(0);
    assertEquals(0, ground.backedBytes());
  }

  @Test
  void shouldAnswerAboutItsBlocksFromSeveralThreadsOnceRelieved() throws Exception {
    Ground ground = new Ground(64L << 20, 2);
    ZoneHeap heap = ground.heap();
    Random random = new Random(300);
    long[] blocks = new long[5000];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = heap.allocate(i & 1, size(random));
    }
    for (int i = 0; i < blocks.length; i += 3) {
      heap.free(0, blocks[i]);
    }
    CensusSummary census = heap.census();
    inParallel(thread -> {
      for (int i = 0; thread != 0 && i < blocks.length; i++) {
        if (i % 3 != 0) {
          assertTrue(heap.usableSize(blocks[i]) >= 1);
        }
      }
      for (int i = 0; thread == 0 && i < 5; i++) {
        assertEquals(census, heap.census());
      }
    });
    heap.close();
    assertEquals(census, heap.census());
  }
}
