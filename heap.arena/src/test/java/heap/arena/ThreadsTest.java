package heap.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.MisuseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Threads that exchange blocks, each filled with a pattern that its finder verifies. */
class ThreadsTest {
  private static final int THREADS = 4;
  private static final int STEPS = 20_000;
  private static final int SIZE_BITS = 16;

  private final AtomicLongArray shared = new AtomicLongArray(2000); // distance and size in one
  private Ground ground = new Ground(1 << 20);
  private ArenaHeap heap = ground.heap();
  private int cpus;

  @Timeout(120)
  @ParameterizedTest(name = "{0} MiB, {1} CPUs, {2}")
  @CsvSource({
    "64, 4, policy=instant",
    "64, 1, policy=next",
    "2, 4, magazine.rounds=2",
    "2, 2, import.bytes=4K",
    "64, 2, cache.most=0"
  })
  void shouldKeepBlocksApartThatThreadsExchange(int mib, int count, String setting)
      throws Exception {
    cpus = count;
    ground = new Ground((long) mib << 20, cpus);
    heap = ground.heap(setting.split("=", -1));
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      tasks.add(() -> work(thread));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (Future<Integer> result : threads.invokeAll(tasks)) {
        assertTrue(result.get() > STEPS / 4, "blocks of a thread: " + result.get());
      }
    }
    assertTrue(heap.checkInvariants() > 0);
    for (int i = 0; i < shared.length(); i++) {
      drop(0, shared.get(i));
    }
    assertEquals(0, heap.census().liveCount());
    heap.trim(0);
    assertEquals(0, ground.takenBytes());
  }

  private int work(int thread) {
    Random random = new Random(100 + thread);
    int served = 0;
    for (int step = 0; step < STEPS; step++) {
      int cpu = (thread + (step & 1)) % cpus;
      int bytes = random.nextInt(20) == 0 ? random.nextInt(30_000) : 1 + random.nextInt(300);
      long block = heap.allocate(cpu, bytes);
      long entry = 0;
      if (block != 0) {
        served++;
        stamp(block, bytes);
        entry = (block - ground.base) << SIZE_BITS | bytes;
      }
      long old = shared.getAndSet(random.nextInt(shared.length()), entry);
      if (random.nextInt(4) == 0) {
        old = resized(cpu, old, 1 + random.nextInt(2000));
      }
      drop(cpu, old);
    }
    return served;
  }

  private void stamp(long block, int bytes) {
    for (int i = 0; i + 8 <= bytes; i += 8) {
      ground.memory.putLong(block + i, block ^ (bytes + i));
    }
  }

  private void verify(long block, int bytes, long from, int size) {
    for (int i = 0; i + 8 <= size; i += 8) {
      assertEquals(from ^ (bytes + i), ground.memory.getLong(block + i), "content of a block");
    }
  }

  private long resized(int cpu, long entry, int bytes) {
    if (entry == 0) {
      return 0;
    }
    long block = ground.base + (entry >>> SIZE_BITS);
    int old = (int) entry & ((1 << SIZE_BITS) - 1);
    long now = heap.resize(cpu, block, bytes);
    if (now == 0) {
      return entry;
    }
    verify(now, old, block, Math.min(old, bytes));
    stamp(now, bytes);
    return (now - ground.base) << SIZE_BITS | bytes;
  }

  private void drop(int cpu, long entry) {
    if (entry != 0) {
      long block = ground.base + (entry >>> SIZE_BITS);
      int bytes = (int) entry & ((1 << SIZE_BITS) - 1);
      verify(block, bytes, block, bytes);
      heap.freeSized(cpu, block, bytes);
    }
  }

  @Timeout(120)
  @ParameterizedTest(name = "cache.most={0}")
  @CsvSource({"256", "0"})
  void shouldLetOneOfTwoFreesOfABlockFail(String most) throws Exception {
    ground = new Ground(4 << 20, 2);
    heap = ground.heap("cache.most", most);
    AtomicLongArray blocks = new AtomicLongArray(5000);
    for (int i = 0; i < blocks.length(); i++) {
      blocks.set(i, heap.allocate(0, 16 + i % 200));
    }
    AtomicInteger refused = new AtomicInteger();
    Callable<Boolean> freeing =
        () -> {
          int cpu = Thread.currentThread().threadId() % 2 == 0 ? 0 : 1;
          for (int i = 0; i < blocks.length(); i++) {
            try {
              heap.free(cpu, blocks.get(i));
            } catch (MisuseException e) {
              refused.incrementAndGet();
            }
          }
          return true;
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (Future<Boolean> end : threads.invokeAll(List.of(freeing, freeing))) {
        assertTrue(end.get());
      }
    }
    assertEquals(blocks.length(), refused.get());
    assertEquals(0, heap.census().liveCount());
    assertTrue(heap.checkInvariants() > 0);
  }
}
