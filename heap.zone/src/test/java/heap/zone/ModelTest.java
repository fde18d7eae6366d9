package heap.zone;

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
    Ground ground = new Ground(64L << 20);
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
    "11, caching=contention",
    "12, caching=always",
    "13, caching=always zc.mag.size=1 submaps=1",
    "14, sequester=off",
    "15, sequester=off caching=always guards=off",
    "16, kalloc.classes=type kalloc.max=32K",
    "17, caching=always zc.mag.size=128 runs.most=1 shuffle=off",
    "18, footprint.limit=900000 wss.period=1"
  })
  void shouldAgreeWithANaiveHeap(long seed, String settings) {
    HeapModel model = run(seed, STEPS, ground -> {}, settings.split("[ =]", -1));
    assertTrue(model.facts() > 100L * STEPS, "seed " + seed + ": " + model.facts() + " facts");
  }

  @ParameterizedTest(name = "seed {0}: pages of {1}, {2} CPUs")
  @CsvSource({"21, 16384, 1", "22, 65536, 7"})
  void shouldLiveWithOtherPages(long seed, int page, int cpus) {
    HeapModel model = run(seed, STEPS / 2, new Ground(256L << 20, cpus, page));
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
