package heap.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heap.api.CacheSpec;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tck.heap.HeapModel;

/** Random operations against the naive heap; a failure names its seed. */
class ModelTest {
  private static final int STEPS = 800;

  private static CacheSpec spec(String name, long bytes, long align) {
    return new CacheSpec(name, bytes, align, Optional.empty(), Optional.empty());
  }

  private static HeapModel run(long seed, int steps, Consumer<Ground> prepare, String... settings) {
    Ground ground = new Ground(8L << 20);
    prepare.accept(ground);
    return run(seed, steps, ground, settings);
  }

  private static HeapModel run(long seed, int steps, Ground ground, String... settings) {
    HeapModel model = new HeapModel(ground, ground.heap(settings), seed, 100_000);
    model.add(model.heap().createCache(spec("small", 20, 0)).orElseThrow());
    model.add(model.heap().createCache(spec("large", 5000, 64)).orElseThrow());
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
    "11, colour=on",
    "12, colour=off extent.bytes=32K",
    "13, extent.bytes=512K magazine.rounds=1 magazine.most=1",
    "14, magazine.rounds=143",
    "15, poison=on",
    "16, redzone=on",
    "17, poison=on redzone=on magazine.rounds=3",
    "18, footprint.limit=900000",
    "51, random.order=on",
    "52, random.order=on random.seed=7 poison=on audit=on",
    "53, audit=on redzone=on colour=off",
    "54, large.bytes=0",
    "55, geometry=bonwick",
    "56, geometry=bonwick random.order=on magazine.rounds=1",
    "57, geometry=bonwick poison=on redzone=on audit=on"
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
    HeapModel model = run(19, STEPS, ground -> {}, "footprint.limit", "500000");
    assertTrue(model.heap().peakFootprint() <= 500_000, "peak " + model.heap().peakFootprint());
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
