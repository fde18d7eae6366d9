package heap.dl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.TierVacantException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever call of the tier below fails, the heap goes on with every byte held or gone. */
class VacancyTest {
  private static final int STEPS = 120;

  /** Random calls on a heap whose ground fails; what is live is known throughout. */
  private static final class Run {
    final Ground ground = new Ground(2L << 20);
    final TreeMap<Long, Long> live = new TreeMap<>(); // block to its size
    final Random random;
    final DlHeap heap;
    int thrown;

    Run(long seed, String... settings) {
      random = new Random(seed);
      ground.gap = (int) seed % 2;
      heap = ground.heap(settings);
    }

    private long size() {
      return random.nextInt(3) == 0 ? random.nextInt(30_000) : random.nextInt(700);
    }

    private void born(long block, long bytes) {
      if (block != 0) {
        live.put(block, bytes);
        ground.memory.fill(block, bytes, (byte) block);
      }
    }

    private long any() {
      long at = live.firstKey() + random.nextLong(live.lastKey() - live.firstKey() + 1);
      return Objects.requireNonNull(live.floorKey(at));
    }

    void step() {
      long bytes = size();
      switch (live.size() < 5 ? 0 : random.nextInt(13)) {
        case 0, 1, 2, 3 -> born(heap.allocate(0, bytes), bytes);
        case 4 -> born(heap.allocateAligned(0, 1L << random.nextInt(13), bytes), bytes);
        case 5 -> group();
        case 6, 7 -> resize(any(), bytes);
        case 8 -> bulk();
        case 9 -> heap.trim(random.nextInt(2) * 5000L);
        default -> {
          long block = any();
          heap.free(0, block);
          live.remove(block);
        }
      }
    }

    private void group() {
      long[] blocks = new long[4];
      if (heap.allocateAll(0, new long[] {10, 3000, 20, 9000}, false, blocks)) {
        born(blocks[0], 10);
        born(blocks[1], 3000);
        born(blocks[2], 20);
        born(blocks[3], 9000);
      }
    }

    private void resize(long block, long bytes) {
      long now = heap.resize(0, block, bytes);
      if (now != 0) {
        live.remove(block);
        born(now, bytes);
      }
    }

    private void bulk() {
      long first = any();
      long next = Objects.requireNonNullElse(live.higherKey(first), 0L);
      long[] blocks = {first, next, 0};
      try {
        heap.freeBulk(0, blocks, 0, 3);
      } finally {
        for (int i = 0; i < 2; i++) {
          live.remove(blocks[i] == 0 ? (i == 0 ? first : next) : 0L);
        }
      }
    }

    /** Makes a step, and looks at everything if it failed. */
    void attempt(boolean exact) {
      try {
        step();
      } catch (TierVacantException | IllegalStateException e) {
        thrown++;
        if (!exact) {
          resync();
        }
        check();
      }
    }

    /** After an error that a free can end with when all is done: believe the walk. */
    private void resync() {
      Map<Long, Long> seen = seen();
      long before = live.size();
      live.keySet().retainAll(seen.keySet());
      seen.forEach((block, usable) -> live.putIfAbsent(block, 0L));
      assertTrue(Math.abs(before - live.size()) <= 2, before + " became " + live.size());
    }

    private Map<Long, Long> seen() {
      TreeMap<Long, Long> seen = new TreeMap<>();
      heap.walk((base, size, attributes) -> {
        seen.put(base, size);
        return true;
      });
      return seen;
    }

    void check() {
      assertTrue(heap.checkInvariants() > 0 || live.isEmpty());
      Map<Long, Long> seen = seen();
      assertEquals(live.keySet(), seen.keySet());
      for (Map.Entry<Long, Long> each : live.entrySet()) {
        assertTrue(Objects.requireNonNull(seen.get(each.getKey())) >= each.getValue());
        for (long i = 0; i < each.getValue(); i += 97) {
          long block = each.getKey();
          assertEquals((byte) block, ground.memory.getByte(block + i), "contents");
        }
      }
      assertEquals(heap.footprint(), ground.takenBytes(), "held from below");
    }

    void finish() {
      check();
      List.copyOf(live.keySet()).forEach(block -> heap.free(0, block));
      live.clear();
      heap.trim(0);
      check();
    }
  }

  private static void failAtEveryCall(
      long seed, String text, int failing, Supplier<RuntimeException> failure, boolean exact) {
    String[] settings = text.split("[ =]", -1);
    Run calm = new Run(seed, settings);
    for (int step = 0; step < STEPS; step++) {
      calm.step();
    }
    calm.finish();
    int thrown = 0;
    for (int fail = 0; fail < calm.ground.calls; fail++) {
      Run run = new Run(seed, settings);
      run.ground.callsToFailure = fail;
      run.ground.failing = failing;
      run.ground.failure = failure;
      try {
        for (int step = 0; step < STEPS; step++) {
          run.attempt(exact);
        }
        run.ground.failing = 0;
        run.finish();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ", failing call " + fail, e);
      }
      thrown += run.thrown;
    }
    assertTrue(thrown > calm.ground.calls / 3, "%d of %d".formatted(thrown, calm.ground.calls));
  }

  @ParameterizedTest(name = "seed {0}: {1}")
  @CsvSource({
    "1, granularity=0 trim.threshold=20000",
    "2, contiguous=off release.checks=3 trim.threshold=20000",
    "3, mmap.threshold=10000",
    "4, mmap.threshold=10000 contiguous=off footers=on release.checks=3 trim.threshold=0",
    "5, granularity=64K trim.threshold=30000"
  })
  void shouldStayAsItWasWheneverNobodyIsBelow(long seed, String settings) {
    Supplier<RuntimeException> vacant = () -> new TierVacantException("nobody is there");
    failAtEveryCall(seed, settings, 1, vacant, true);
    failAtEveryCall(seed, settings, 4, vacant, false); // a resize may fail to undo itself
  }

  @ParameterizedTest(name = "seed {0}: {1}")
  @CsvSource({
    "6, granularity=0 trim.threshold=20000",
    "7, contiguous=off release.checks=3 trim.threshold=20000",
    "8, mmap.threshold=10000 trim.threshold=20000"
  })
  void shouldStayConsistentWhateverIsThrownBelow(long seed, String settings) {
    failAtEveryCall(seed, settings, 1, () -> new IllegalStateException("a defect"), false);
  }

  @Test
  void shouldFreeThoughNobodyTakesTheMemoryBackAndTryAgainLater() {
    Ground ground = new Ground(8L << 20);
    DlHeap heap = ground.heap("trim.threshold", "64K");
    long first = heap.allocate(0, 100_000);
    long second = heap.allocate(0, 100_000);
    long third = heap.allocate(0, 100_000);
    ground.callsToFailure = 0;
    ground.failing = Long.MAX_VALUE;
    heap.free(0, third);
    assertEquals(1, OracleTest.statistic(heap, "postponed"));
    assertEquals(0, OracleTest.statistic(heap, "release"));
    assertEquals(2, heap.census().liveCount());
    assertThrows(TierVacantException.class, () -> heap.trim(0));
    assertThrows(TierVacantException.class, () -> heap.allocate(0, 500_000));
    assertTrue(heap.checkInvariants() > 0);
    ground.failing = 0;
    heap.free(0, second);
    assertEquals(1, OracleTest.statistic(heap, "release"), "top has grown by the threshold again");
    assertEquals(heap.footprint(), ground.takenBytes());
    heap.free(0, first);
    assertEquals(4096, heap.footprint());
  }

  @Test
  void shouldKeepABlockThatHasItsOwnSpanUntilThatIsTaken() {
    Ground ground = new Ground(8L << 20);
    DlHeap heap = ground.heap("mmap.threshold", "64K");
    heap.allocate(0, 100);
    long block = heap.allocate(0, 100_000);
    ground.memory.fill(block, 100_000, (byte) 5);
    ground.callsToFailure = 0;
    ground.failing = Long.MAX_VALUE;
    assertThrows(TierVacantException.class, () -> heap.free(0, block));
    assertThrows(TierVacantException.class, () -> heap.resize(0, block, 80_000));
    assertThrows(TierVacantException.class, () -> heap.resize(0, block, 1000), "moves to top");
    assertEquals(2, heap.census().liveCount());
    assertEquals(5, ground.memory.getByte(block + 99_999));
    assertTrue(heap.checkInvariants() > 0);
    ground.failing = 0;
    heap.free(0, block);
    assertEquals(1, heap.census().liveCount());
  }

  @Test
  void shouldKeepAnUnusedSegmentThatIsTheVictim() {
    Ground ground = new Ground(4L << 20);
    ground.gap = 1;
    DlHeap heap = ground.heap("contiguous", "off", "trim.threshold", "off");
    long first = heap.allocate(0, 3000);
    heap.allocate(0, 3000);
    heap.free(0, first);
    heap.free(0, heap.allocate(0, 100)); // cut from the first segment, whose rest became the victim
    assertEquals(4096 - 80, OracleTest.statistic(heap, "victim"));
    ground.callsToFailure = 0;
    ground.failing = 1;
    assertThrows(TierVacantException.class, () -> heap.trim(0));
    assertTrue(heap.checkInvariants() > 0);
    assertEquals(4096 - 80, OracleTest.statistic(heap, "victim"));
    assertEquals(4096, heap.trim(0));
    assertEquals(0, OracleTest.statistic(heap, "victim"));
    assertTrue(heap.checkInvariants() > 0);
  }

  @Test
  void shouldGiveLargeBlocksTheirOwnSpansAgainAfterAGroupFailed() {
    Ground ground = new Ground(4L << 20);
    DlHeap heap = ground.heap("mmap.threshold", "64K");
    heap.allocate(0, 100);
    ground.callsToFailure = 0;
    ground.failing = 1;
    long[] blocks = new long[2];
    assertThrows(
        TierVacantException.class,
        () -> heap.allocateAll(0, Ground.equal(50_000, blocks.length), true, blocks));
    heap.allocate(0, 100_000);
    assertEquals(1, OracleTest.statistic(heap, "hblks"));
  }
}
