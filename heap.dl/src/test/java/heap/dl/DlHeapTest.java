package heap.dl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.BadSettingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the heap does, case by case, in round figures. */
class DlHeapTest {
  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;

  private final Ground ground = new Ground(32 * MIB);
  private final DlHeap heap = ground.heap();

  private long offset(long address) {
    return address - ground.base;
  }

  @Test
  void shouldPlaceTheFirstBlocksSideBySide() {
    assertEquals(16, offset(heap.allocate(0, 0)));
    assertEquals(48, offset(heap.allocate(0, 24)));
    assertEquals(80, offset(heap.allocate(0, 25)));
    assertEquals(128, offset(heap.allocate(0, 1)));
    assertEquals(4096, heap.footprint());
  }

  @Test
  void shouldReuseTheLastFreedOfASmallSizeFirst() {
    long[] block = new long[6];
    for (int i = 0; i < 6; i++) {
      block[i] = heap.allocate(0, 50);
    }
    heap.free(0, block[0]);
    heap.free(0, block[2]);
    heap.free(0, block[4]);
    assertEquals(block[4], heap.allocate(0, 50));
    assertEquals(block[2], heap.allocate(0, 50));
    assertEquals(block[0], heap.allocate(0, 50));
  }

  @Test
  void shouldReuseTheOldestOfALargeSizeFirst() {
    long[] block = new long[6];
    for (int i = 0; i < 6; i++) {
      block[i] = heap.allocate(0, 500);
    }
    heap.free(0, block[0]);
    heap.free(0, block[2]);
    heap.free(0, block[4]);
    assertEquals(block[0], heap.allocate(0, 500), "the one in the tree has a ring, so its bk");
    assertTrue(heap.checkInvariants() > 0);
  }

  @Test
  void shouldCutSmallRequestsFromTheDesignatedVictim() {
    long large = heap.allocate(0, 1000);
    heap.allocate(0, 10);
    heap.free(0, large);
    assertEquals(large, heap.allocate(0, 100));
    assertEquals(1008 - 112, OracleTest.statistic(heap, "victim"));
    assertEquals(large + 112, heap.allocate(0, 100));
    assertEquals(1008 - 224, OracleTest.statistic(heap, "victim"));
  }

  @Test
  void shouldMergeWithBothNeighbours() {
    long low = heap.allocate(0, 104);
    long middle = heap.allocate(0, 104);
    long high = heap.allocate(0, 104);
    heap.allocate(0, 10);
    heap.free(0, low);
    heap.free(0, high);
    heap.free(0, middle);
    List<Long> free = new ArrayList<>();
    heap.inspectAll((chunk, size, used) -> {
      if (used == 0) {
        free.add(size);
      }
      return true;
    });
    assertEquals(List.of(336L), free);
  }

  @Test
  void shouldGrowByWhatIsMissing() {
    heap.allocate(0, 4000 - 8); // 4096 less the foot of 80 leaves a top of 16
    assertEquals(4096, heap.footprint());
    heap.allocate(0, 4096);
    assertEquals(3 * 4096, heap.footprint(), "4112 - 16 of top + 96, in pages");
    assertEquals(2, OracleTest.statistic(heap, "import"));
  }

  @Test
  void shouldTrimWhenTopExceedsTheThreshold() {
    long block = heap.allocate(0, 3 * MIB);
    assertEquals(3 * MIB + 4096, heap.footprint());
    heap.free(0, block);
    assertEquals(4096, heap.footprint());
    assertEquals(3 * MIB + 4096, heap.peakFootprint());
    assertEquals(4096, ground.takenBytes());
  }

  @Test
  void shouldKeepTopBelowTheThresholdUntilItIsTrimmed() {
    long block = heap.allocate(0, MIB);
    heap.free(0, block);
    assertEquals(MIB + 4096, heap.footprint());
    assertEquals(MIB - 100 * KIB, heap.trim(100 * KIB), "100 KiB and the foot stay");
    assertEquals(100 * KIB + 4096, heap.footprint());
    assertEquals(100 * KIB, heap.trim(0));
    assertEquals(0, heap.trim(0));
    assertTrue(heap.checkInvariants() > 0);
  }

  @Test
  void shouldHoldTheFootprintWithinItsLimit() {
    heap.footprintLimit(64 * KIB);
    assertEquals(0, heap.allocate(0, 64 * KIB));
    assertTrue(heap.allocate(0, 32 * KIB) != 0);
    assertEquals(0, heap.allocate(0, 32 * KIB));
    heap.footprintLimit(1 * MIB);
    assertTrue(heap.allocate(0, 32 * KIB) != 0);
    assertEquals(1 * MIB, heap.footprintLimit());
  }

  @Test
  void shouldResizeInPlaceIntoTopVictimAndFreeNeighbours() {
    long block = heap.allocate(0, 100);
    assertEquals(block, heap.resize(0, block, 2000), "into top");
    long stop = heap.allocate(0, 10);
    assertEquals(block, heap.resize(0, block, 100), "shrinks");
    assertEquals(block, heap.resize(0, block, 1500), "into the free chunk above");
    assertEquals(true, heap.resizeInPlace(0, block, 1996));
    assertEquals(false, heap.resizeInPlace(0, block, 3000));
    assertTrue(heap.resize(0, block, 3000) > stop, "moves");
    assertTrue(heap.checkInvariants() > 0);
  }

  @Test
  void shouldAlignAndGiveBackWhatIsCutOff() {
    for (long align = 1; align <= MIB; align <<= 1) {
      long block = heap.allocateAligned(0, align, 100);
      assertEquals(0, block & (align - 1));
      assertTrue(heap.usableSize(block) < 100 + 48, "tail of alignment " + align);
      assertTrue(heap.checkInvariants() > 0);
    }
    assertEquals(21, heap.census().liveCount());
  }

  @Test
  void shouldClearWhatCallocReturns() {
    long block = heap.allocate(0, 1000);
    ground.memory.fill(block, 1000, (byte) 7);
    heap.free(0, block);
    assertEquals(block, heap.allocateZeroed(0, 1000));
    for (int i = 0; i < 1000; i++) {
      assertEquals(0, ground.memory.getByte(block + i));
    }
  }

  @Test
  void shouldAllocateGroupsSideBySideAndFreeThemOneByOne() {
    long[] blocks = new long[10];
    assertEquals(true, heap.allocateAll(0, Ground.equal(40, blocks.length), true, blocks));
    for (int i = 0; i < 10; i++) {
      assertEquals(blocks[0] + 48L * i, blocks[i]);
      assertEquals(0, ground.memory.getLong(blocks[i] + 32));
    }
    long[] mixed = new long[3];
    assertEquals(true, heap.allocateAll(0, new long[] {10, 100, 1000}, false, mixed));
    assertEquals(mixed[0] + 32, mixed[1]);
    assertEquals(mixed[1] + 112, mixed[2]);
    for (long block : blocks) {
      heap.free(0, block);
    }
    heap.freeBulk(0, mixed, 0, 3);
    assertEquals(0, heap.census().liveCount());
    assertEquals(true, heap.allocateAll(0, Ground.equal(40, 0), true, new long[0]));
    assertTrue(heap.checkInvariants() > 0);
  }

  @Test
  void shouldGiveLargeBlocksSpansOfTheirOwn() {
    DlHeap direct = ground.heap("mmap.threshold", "256K");
    direct.allocate(0, 100);
    long before = direct.footprint();
    long block = direct.allocate(0, 300 * KIB);
    assertEquals(before + 304 * KIB, direct.footprint());
    assertEquals(304 * KIB - 32 - 16, direct.usableSize(block));
    assertEquals(block, direct.resize(0, block, 400 * KIB), "behind it is room");
    assertEquals(block, direct.resize(0, block, 290 * KIB));
    long aligned = direct.allocateAligned(0, 64 * KIB, 300 * KIB);
    assertEquals(0, aligned & (64 * KIB - 1));
    assertEquals(3, direct.census().liveCount());
    assertTrue(direct.checkInvariants() > 0);
    direct.free(0, aligned);
    assertTrue(direct.resize(0, block, 100) != 0, "small again, so it moves");
    assertEquals(before, direct.footprint());
    assertTrue(direct.checkInvariants() > 0);
  }

  @Test
  void shouldGiveUnusedSegmentsBack() {
    DlHeap split = ground.heap("contiguous", "off", "trim.threshold", "off");
    ground.gap = 1;
    long[] blocks = new long[20];
    for (int i = 0; i < 20; i++) {
      blocks[i] = split.allocate(0, 3000);
    }
    assertEquals(20, OracleTest.statistic(split, "segments"));
    for (long block : blocks) {
      split.free(0, block);
    }
    assertEquals(20, OracleTest.statistic(split, "segments"));
    assertEquals(19 * 4096, split.trim(0));
    assertEquals(1, OracleTest.statistic(split, "segments"));
    assertTrue(split.checkInvariants() > 0);
  }

  @Test
  void shouldLookForUnusedSegmentsAfterSoManyLargeFrees() {
    DlHeap split = ground.heap("contiguous", "off", "release.checks", "3");
    ground.gap = 1;
    long[] blocks = new long[5];
    for (int i = 0; i < 5; i++) {
      blocks[i] = split.allocate(0, 3000);
    }
    split.free(0, blocks[0]);
    split.free(0, blocks[1]);
    assertEquals(5, OracleTest.statistic(split, "segments"));
    split.free(0, blocks[2]);
    assertEquals(2, OracleTest.statistic(split, "segments"));
  }

  @Test
  void shouldJoinSpansThatTouch() {
    DlHeap joined = ground.heap("contiguous", "off");
    ground.downward = true;
    joined.allocate(0, 3000);
    joined.allocate(0, 3000);
    joined.allocate(0, 3000);
    assertTrue(OracleTest.statistic(joined, "segments") < 3);
    assertTrue(joined.checkInvariants() > 0);
  }

  @Test
  void shouldOpenASegmentElsewhereWhenTheWayIsBlocked() {
    heap.allocate(0, 3000);
    ground.occupy(ground.base + 4096, 4096);
    long block = heap.allocate(0, 3000);
    assertEquals(2 * 4096, offset(block) / 4096 * 4096);
    assertEquals(2, OracleTest.statistic(heap, "segments"));
    assertTrue(heap.checkInvariants() > 0);
  }

  @Test
  void shouldNeitherGrowNorShrinkWhenFixed() {
    DlHeap fixed = ground.heap("mode", "fixed", "capacity", "64K", "trim.threshold", "0");
    assertEquals(0, fixed.footprint());
    assertEquals(0, fixed.allocate(0, 64 * KIB));
    long block = fixed.allocate(0, 60 * KIB);
    assertEquals(64 * KIB, fixed.footprint());
    assertEquals(0, fixed.allocate(0, 8 * KIB));
    fixed.free(0, block);
    assertEquals(0, fixed.trim(0));
    assertEquals(64 * KIB, fixed.footprint());
    assertTrue(fixed.checkInvariants() > 0);
  }

  @ParameterizedTest
  @CsvSource({
    "granularity, 1000",
    "granularity, 1K",
    "granularity, 2T",
    "granularity, much",
    "trim.threshold, never",
    "release.checks, 0",
    "mode, shrinking",
    "capacity, 12",
    "contiguous, maybe",
    "spaces, 0",
    "spaces, 65"
  })
  void shouldNameASettingThatIsNotAccepted(String key, String value) {
    BadSettingException thrown =
        assertThrows(BadSettingException.class, () -> ground.heap(key, value));
    assertTrue(thrown.toString().contains(": heap.dl:" + key + "=" + value), thrown.toString());
  }

  @Test
  void shouldHaveMetatypeDefaultsThatMeanTheDefaults() throws ReflectiveOperationException {
    Map<String, String> declared = new java.util.HashMap<>();
    for (var method : DlConfiguration.class.getDeclaredMethods()) {
      declared.put(method.getName().replace('_', '.'), (String) method.getDefaultValue());
    }
    assertEquals(11, declared.size());
    assertEquals(
        DlSettings.parse(allocator.api.Settings.none("heap.dl"), 4096),
        DlSettings.parse(new allocator.api.Settings("heap.dl", declared), 4096));
  }

  @Test
  void shouldBeNamedAfterItsModel() {
    DlProvider provider = new DlProvider();
    assertEquals("dlmalloc 2.8.6", provider.model());
    assertEquals(16, provider.open(ground, allocator.api.Settings.none("heap.dl")).alignment());
  }

  @Test
  void shouldServeSeveralThreadsAtOnce() throws InterruptedException {
    int threads = 4;
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    Thread[] workers = new Thread[threads];
    for (int t = 0; t < threads; t++) {
      int cpu = t;
      workers[t] = new Thread(() -> churn(cpu));
      workers[t].setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
      workers[t].start();
    }
    for (Thread worker : workers) {
      worker.join();
    }
    assertEquals(List.of(), failures);
    assertEquals(0, heap.census().liveCount());
    assertTrue(heap.checkInvariants() > 0);
  }

  private void churn(int cpu) {
    java.util.Random random = new java.util.Random(70 + cpu);
    long[] blocks = new long[64];
    for (int i = 0; i < 20_000; i++) {
      int at = random.nextInt(blocks.length);
      if (blocks[at] != 0) {
        if (ground.memory.getLong(blocks[at]) != (blocks[at] ^ cpu)) {
          throw new AssertionError("seed " + (70 + cpu) + ", step " + i);
        }
        heap.free(cpu, blocks[at]);
      }
      blocks[at] = heap.allocate(cpu, 8 + random.nextInt(600));
      ground.memory.putLong(blocks[at], blocks[at] ^ cpu);
    }
    heap.freeBulk(cpu, blocks, 0, blocks.length);
  }
}
