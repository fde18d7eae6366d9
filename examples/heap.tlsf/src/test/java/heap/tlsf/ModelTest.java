package heap.tlsf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tck.heap.HeapGround;
import tck.heap.HeapModel;

/** Random calls beside a naive heap. */
class ModelTest {
  private static final int STEPS = 2_500;

  private static void run(HeapGround ground, TlsfEngine heap, long seed, Runnable each) {
    HeapModel model = new HeapModel(ground, heap, seed, 60_000);
    for (int i = 0; i < STEPS; i++) {
      each.run();
      model.step();
      if (i % 100 == 0) {
        model.check();
      }
    }
    assertTrue(model.facts() > 50_000, model.facts() + " facts");
    model.freeAll();
    assertEquals(0, heap.footprint());
    assertTrue(heap.checkInvariants() > 0);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void shouldBehaveAsTheModel(long seed) {
    HeapGround ground = new HeapGround(64 << 20, 2);
    run(ground, Heaps.open(ground), seed, () -> {});
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12})
  void shouldBehaveAsTheModelInManySmallPools(long seed) {
    HeapGround ground = new HeapGround(64 << 20, 2);
    Random random = new Random(seed);
    TlsfEngine heap = Heaps.open(ground, "growth", "4K", "empty.keep", "0", "second.level", "2");
    long[] hole = {0};
    // A page is taken now and then just behind the heap, so that it cannot grow in place.
    run(
        ground,
        heap,
        seed,
        () -> {
          int pools = heap.space().pools.count();
          if (pools > 0 && random.nextInt(20) == 0) {
            long end = heap.space().pools.end(random.nextInt(pools));
            if (hole[0] != 0) {
              ground.occupy(hole[0], ground.page, false);
            }
            hole[0] = ground.isTaken(end) ? 0 : end;
            if (hole[0] != 0) {
              ground.occupy(end, ground.page, true);
            }
          }
        });
    assertTrue(heap.space().growth.opened > 10, heap.space().growth.opened + " pools");
    assertTrue(heap.space().growth.released > 10, heap.space().growth.released + " releases");
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22})
  void shouldBehaveAsTheModelWhereMemoryIsScarce(long seed) {
    HeapGround ground = new HeapGround(64 << 20, 2);
    Random random = new Random(seed);
    TlsfEngine heap =
        Heaps.open(ground, "growth", "4K", "block.least", "96", "footprint.limit", "300K");
    run(ground, heap, seed, () -> ground.importsLeft = random.nextInt(3));
    long failures = HeapGround.statistic(heap, "fail");
    assertTrue(failures > 10, failures + " requests failed");
    assertTrue(heap.peakFootprint() <= 300 << 10);
  }
}
