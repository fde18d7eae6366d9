package heap.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tck.heap.HeapModel;

/** Random operations against the naive heap; a failure names its seed. */
class ModelTest {
  private static final int STEPS = 800;

  private static HeapModel run(long seed, int steps, Consumer<Ground> prepare, String... settings) {
    Ground ground = new Ground(8L << 20);
    prepare.accept(ground);
    return run(seed, steps, ground, settings);
  }

  private static HeapModel run(long seed, int steps, Ground ground, String... settings) {
    HeapModel model = new HeapModel(ground, ground.heap(settings), seed, 100_000);
    int step = 0;
    try {
      for (; step < steps; step++) {
        model.step();
        model.check();
      }
      if (String.join(" ", settings).contains("fixed")) {
        model.freeBlocks();
      } else {
        model.freeAll();
      }
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("seed " + seed + ", step " + step, e);
    }
    return model;
  }

  @ParameterizedTest(name = "seed {0}: {1}")
  @CsvSource({
    "11, policy=instant",
    "12, policy=best cache.most=0",
    "13, policy=first import.bytes=32K magazine.rounds=2",
    "14, policy=next retain.bytes=0",
    "15, policy=next cache.most=0 import.bytes=4K",
    "16, mode=fixed capacity=4M",
    "17, segments.max=150 retain.bytes=1M",
    "18, footprint.limit=900000"
  })
  void shouldAgreeWithANaiveHeap(long seed, String settings) {
    HeapModel model = run(seed, STEPS, ground -> {}, settings.split("[ =]", -1));
    assertTrue(model.facts() > 100L * STEPS, "seed " + seed + ": " + model.facts() + " facts");
  }

  @ParameterizedTest(name = "seed {0}: pages of {1}, {2} CPUs")
  @CsvSource({"21, 16384, 1", "22, 65536, 7"})
  void shouldLiveWithOtherPages(long seed, int page, int cpus) {
    HeapModel model = run(seed, STEPS / 2, new Ground(16L << 20, cpus, page));
    assertTrue(model.facts() > 0, "seed " + seed);
  }

  @Test
  void shouldStayBelowItsLimitAndBeRefusedAtIt() {
    HeapModel model =
        run(19, STEPS, ground -> {}, "footprint.limit", "150000", "import.bytes", "16K");
    assertTrue(model.heap().peakFootprint() <= 150_000, "peak " + model.heap().peakFootprint());
    assertTrue(model.refused() > 0, "seed 19 was never refused");
  }

  @Test
  void shouldSurviveExhaustionAtEveryImport() {
    for (int fail = 0; fail < 30; fail++) {
      int importsLeft = fail;
      HeapModel model = run(41, 100, ground -> ground.importsLeft = importsLeft);
      assertEquals(0, model.heap().census().liveCount(), "seed 41, failing import " + fail);
    }
  }
}
