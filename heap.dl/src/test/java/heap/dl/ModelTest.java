package heap.dl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CensusSummary;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random operations against the naive heap; a failure names its seed. */
class ModelTest {
  private static final int STEPS = 1500;

  private static HeapModel run(long seed, int steps, Consumer<Ground> prepare, String... settings) {
    Ground ground = new Ground(8L << 20);
    prepare.accept(ground);
    HeapModel model = new HeapModel(ground, ground.heap(settings), seed, 100_000);
    int step = 0;
    try {
      for (; step < steps; step++) {
        model.step();
        model.check();
      }
      model.freeAll();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("seed " + seed + ", step " + step, e);
    }
    return model;
  }

  @ParameterizedTest(name = "seed {0}: {1}")
  @CsvSource({
    "11, granularity=0",
    "12, footers=on",
    "13, contiguous=off",
    "14, contiguous=off release.checks=5",
    "15, mmap.threshold=20000",
    "16, mmap.threshold=20000 footers=on contiguous=off",
    "17, mode=fixed capacity=700000",
    "18, granularity=64K trim.threshold=100000",
    "19, footprint.limit=500000",
    "20, trim.threshold=0",
    "21, trim.threshold=off lock=off"
  })
  void shouldAgreeWithANaiveHeap(long seed, String settings) {
    HeapModel model = run(seed, STEPS, ground -> {}, settings.split("[ =]", -1));
    assertTrue(model.facts > 100L * STEPS, "seed " + seed + ": " + model.facts + " facts");
  }

  @ParameterizedTest(name = "seed {0}: gap {1}, downward {2}")
  @CsvSource({"31, 0, true", "32, 1, false", "33, 3, true", "34, 0, false"})
  void shouldLiveWithSpansThatDoNotFollowOneAnother(long seed, int gap, boolean downward) {
    Consumer<Ground> prepare =
        ground -> {
          ground.gap = gap;
          ground.downward = downward;
        };
    HeapModel model = run(seed, STEPS, prepare, "contiguous", "off", "release.checks", "20");
    model.heap.trim(0);
    assertEquals(1, OracleTest.statistic(model.heap, "segments"), "seed " + seed);
  }

  @Test
  void shouldSurviveExhaustionAtEveryImport() {
    long seed = 41;
    for (int fail = 0; fail < 40; fail++) {
      int importsLeft = fail;
      HeapModel model = run(seed, 120, ground -> ground.importsLeft = importsLeft);
      CensusSummary census = model.heap.census();
      assertEquals(0, census.liveCount(), "seed " + seed + ", failing import " + fail);
    }
  }

  @Test
  void shouldGrowAgainAfterExhaustionHasPassed() {
    Ground ground = new Ground(1L << 20);
    DlHeap heap = ground.heap();
    long first = heap.allocate(0, 100);
    ground.importsLeft = 0;
    assertEquals(0, heap.allocate(0, 10_000));
    assertEquals(1, OracleTest.statistic(heap, "fail"));
    ground.importsLeft = Long.MAX_VALUE;
    long second = heap.allocate(0, 10_000);
    assertEquals(first + 112, second, "grows in place");
    assertTrue(heap.checkInvariants() > 0);
  }
}
