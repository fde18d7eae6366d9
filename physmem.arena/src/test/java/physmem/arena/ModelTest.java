package physmem.arena;

import allocator.api.Settings;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import physmem.api.FrameContext;
import physmem.api.FrameEngine;
import tck.physmem.FrameModel;

/** Random operations against a naive reference, with settings at random. */
class ModelTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void shouldAgreeWithTheReferenceAtEachStep(long seed) {
    new FrameModel(seed, ModelTest::open).withRunsInOneZone().run();
  }

  private static FrameEngine open(FrameContext ram, Random random) {
    Map<String, String> values =
        Map.of(
            "policy",
            List.of("instant", "best", "first", "next").get(random.nextInt(4)),
            "cacheOrder",
            String.valueOf(random.nextInt(6) - 1),
            "magazineRounds",
            String.valueOf(2 + random.nextInt(20)));
    return new ArenaFramesProvider().open(ram, new Settings("physmem.arena", values));
  }
}
