package heap.dl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.AllocatorException;
import allocator.api.CensusSummary;
import allocator.api.CorruptionException;
import allocator.api.MisuseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a heap still answers when another serves: sizes and walks, which change nothing. */
class RelievedTest {
  private static final int WINDOW = 8 << 20;

  private final Ground ground = new Ground(WINDOW);
  private final DlHeap heap =
      ground.heap("contiguous", "off", "mmap.threshold", "64K", "footers", "on");
  private final TreeMap<Long, Long> live = new TreeMap<>(); // block to usable size
  private final List<Long> dead = new ArrayList<>();

  private void fill(long seed) {
    Random random = new Random(seed);
    ground.gap = 1;
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      long bytes = random.nextInt(20) == 0 ? random.nextInt(100_000) : random.nextInt(600);
      blocks.add(heap.allocate(0, bytes));
      if (random.nextInt(3) == 0) {
        long gone = blocks.remove(random.nextInt(blocks.size()));
        heap.free(0, gone);
        dead.add(gone);
      }
    }
    heap.walk((base, size, attributes) -> {
      live.put(base, size);
      return true;
    });
    assertEquals(blocks.size(), live.size());
    dead.removeAll(live.keySet()); // handed out again
  }

  private long hash() {
    long hash = 0;
    for (long at = 0; at < WINDOW; at += 8) {
      hash = hash * 31 + ground.memory.getLong(ground.base + at);
    }
    return hash;
  }

  @Test
  void shouldAnswerFromSeveralThreadsDuringAWalk() throws InterruptedException {
    fill(81);
    long memory = hash();
    CensusSummary census = heap.census();
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    Thread[] threads = new Thread[4];
    for (int t = 0; t < threads.length; t++) {
      boolean walks = t == 0;
      threads[t] = new Thread(() -> read(walks, census));
      threads[t].setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
      threads[t].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(List.of(), failures);
    assertEquals(memory, hash(), "not a bit was written");
    assertTrue(heap.checkInvariants() > 0);
  }

  private void read(boolean walks, CensusSummary census) {
    for (int round = 0; round < 30; round++) {
      if (walks) {
        assertEquals(census, heap.census());
        continue;
      }
      for (Map.Entry<Long, Long> each : live.entrySet()) {
        assertEquals(each.getValue(), heap.usableSize(each.getKey()));
      }
      for (long each : dead) {
        assertThrows(AllocatorException.class, () -> heap.usableSize(each));
      }
    }
  }

  /** {@return whether a call is refused with a typed error} */
  private static boolean isRefused(Runnable call) {
    try {
      call.run();
      return false;
    } catch (MisuseException | CorruptionException e) {
      return true;
    }
  }

  @Test
  void shouldGiveTheSizeOfExactlyWhatAFreeWouldTake() {
    fill(82);
    long memory = hash();
    int refused = 0;
    for (long at = ground.base - 64; at < ground.base + WINDOW + 64; at += 16) {
      long address = at;
      boolean unknown = isRefused(() -> heap.usableSize(address));
      assertEquals(!live.containsKey(address), unknown, Long.toHexString(address));
      refused += unknown ? 1 : 0;
    }
    assertTrue(refused > 100_000, "of " + WINDOW / 16);
    assertEquals(memory, hash());
    for (long each : dead) {
      assertTrue(isRefused(() -> heap.free(0, each)));
    }
    assertEquals(memory, hash());
  }

  @Test
  void shouldSeeThatTheChunkBelowIsDamagedAsAFreeDoes() {
    DlHeap plain = ground.heap();
    long low = plain.allocate(0, 100);
    long high = plain.allocate(0, 100);
    plain.allocate(0, 100);
    plain.free(0, low);
    assertEquals(104, plain.usableSize(high));
    long foot = ground.memory.getLong(high - 16);
    for (long wrong : new long[] {foot + 16, 0, -1, 1L << 40}) {
      ground.memory.putLong(high - 16, wrong);
      assertThrows(CorruptionException.class, () -> plain.usableSize(high));
      assertThrows(CorruptionException.class, () -> plain.resize(0, high, 4000));
      assertThrows(CorruptionException.class, () -> plain.free(0, high));
      ground.memory.putLong(high - 16, foot);
    }
    plain.free(0, high);
    assertEquals(1, plain.census().liveCount());
  }
}
