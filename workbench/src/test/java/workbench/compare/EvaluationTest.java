package workbench.compare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Costs, front, ranks and scores, each against figures worked out otherwise. */
final class EvaluationTest {
  private static RunFigures run(Map<String, Long> counts, long live, long footprint) {
    return new RunFigures(
        0,
        counts,
        new Memory(live, 1, footprint, 3, 2, 0, 0, footprint, -1),
        new Means(live / 2.0, live / 1.6, footprint / 1.0, 3),
        List.of());
  }

  @Test
  void shouldAddUpCountsTimesCosts() {
    RunFigures run = run(Map.of("operation", 100L, "walkStep", 7L, "flush", 2L), 1, 1);
    CostModel costs = new CostModel(Map.of("operation", 10L, "walkStep", 3L));
    assertEquals(1021, costs.of(run));
    assertEquals(1421, costs.with("flush=200").of(run));
    assertEquals(10.21, costs.perOperation(run), 1e-9);
  }

  @Test
  void shouldShipCostsForCountsThatThereAreAndRefuseOthers() {
    CostModel shipped = CostModel.shipped();
    assertEquals(15, shipped.cycles().get("walkStep"));
    for (String wrong : List.of("walkSteps=1", "walkStep", "walkStep=many", "walkStep=-1")) {
      assertThrows(IllegalArgumentException.class, () -> shipped.with(wrong), wrong);
    }
  }

  @Test
  void shouldFindTheFront() {
    double[][] points = {{1, 5}, {2, 2}, {5, 1}, {3, 3}, {2, 2}, {1, 6}};
    assertArrayEquals(new boolean[] {true, true, true, false, true, false}, Pareto.front(points));
  }

  // Exact p-values as published tables have them: U = 0 with 3 and 3 is 2/20, with 5 and 5 2/252.
  @Test
  void shouldTestRanksExactly() {
    assertEquals(0.1, RankTest.pValue(new double[] {1, 2, 3}, new double[] {4, 5, 6}), 1e-12);
    assertEquals(
        2.0 / 252,
        RankTest.pValue(new double[] {9, 8, 7, 6, 10}, new double[] {1, 2, 3, 4, 5}),
        1e-12);
    assertEquals(1, RankTest.pValue(new double[] {1, 4}, new double[] {2, 3}), 1e-12);
    assertEquals(1, RankTest.pValue(new double[] {2, 2}, new double[] {2, 2}), 1e-12);
    assertEquals(1, RankTest.pValue(new double[0], new double[] {2, 2}), 1e-12);
  }

  @Test
  void shouldAgreeWithCountingAllChoices() {
    Random random = new Random(5);
    for (int round = 0; round < 50; round++) {
      double[] one = random.ints(1 + random.nextInt(4), 0, 6).asDoubleStream().toArray();
      double[] other = random.ints(1 + random.nextInt(5), 0, 6).asDoubleStream().toArray();
      assertEquals(brute(one, other), RankTest.pValue(one, other), 1e-12);
    }
  }

  // All choices of as many values as the first sample has, by their U statistic.
  private static double brute(double[] one, double[] other) {
    double[] all = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, all, one.length, other.length);
    double seen = distance(all, (1 << one.length) - 1);
    int choices = 0;
    int extreme = 0;
    for (int mask = 0; mask < 1 << all.length; mask++) {
      if (Integer.bitCount(mask) == one.length) {
        choices++;
        extreme += distance(all, mask) >= seen - 1e-9 ? 1 : 0;
      }
    }
    return (double) extreme / choices;
  }

  private static double distance(double[] all, int mask) {
    int chosen = Integer.bitCount(mask);
    double u = 0;
    for (int i = 0; i < all.length; i++) {
      for (int j = 0; j < all.length; j++) {
        if ((mask >> i & 1) == 1 && (mask >> j & 1) == 0) {
          u += all[i] > all[j] ? 1 : all[i] == all[j] ? 0.5 : 0;
        }
      }
    }
    return Math.abs(u - chosen * (all.length - chosen) / 2.0);
  }

  @Test
  void shouldRankAndTellApartOnlyWhatCanBe() {
    List<Ranks.Place> places =
        Ranks.of(
            List.of(
                new double[] {20, 21, 22, 23, 24},
                new double[] {10, 11, 12, 13, 14},
                new double[] {10.5, 11.5, 12.5, 13.5, 14.5}));
    assertEquals(List.of(3, 1, 2), places.stream().map(Ranks.Place::rank).toList());
    assertEquals(
        2 * 2.0 / 252, places.getFirst().pValue(), 1e-12); // Holm: the least of two times 2
    assertTrue(places.get(0).toldApart());
    assertFalse(places.get(1).toldApart());
    assertFalse(places.get(2).toldApart());
  }

  @Test
  void shouldScoreAsTheHandoutDoes() {
    assertEquals(60 * 0.8 + 40, MallocLab.of(0.8, 5e6, MallocLab.HANDOUT_REFERENCE).index(), 1e-9);
    assertEquals(60 * 0.5 + 20, MallocLab.of(0.5, 300e3, 600e3).index(), 1e-9);
  }

  @Test
  void shouldDefineFragmentationByMeans() {
    RunFigures run = run(Map.of(), 800, 1000);
    assertEquals(0.8, run.utilisation(), 1e-12);
    assertEquals(0.2, run.means().internalFragmentation(), 1e-12); // 400 of 500
    assertEquals(0.5, run.means().externalFragmentation(), 1e-12); // 500 of 1000
    assertEquals(0.6, run.means().fragmentation(), 1e-12);
  }

  @Test
  void shouldMeasureReuse() {
    ReuseMeter reuse = new ReuseMeter();
    reuse.birth(0x1000, 0);
    reuse.death(0x1000, 1);
    reuse.birth(0x1008, 2); // the same line, one event later
    reuse.death(0x1008, 3);
    reuse.birth(0x1000, 11); // eight events later
    assertEquals(List.of(1L, 1L, 0L, 0L, 1L), reuse.bins().subList(0, 5));
  }

  @Test
  void shouldCacheSixteenLinesOfASet() {
    LineCache cache = new LineCache();
    long apart = 1024 * 64;
    for (int round = 0; round < 2; round++) {
      for (int way = 0; way < 16; way++) {
        cache.touch(way * apart);
      }
    }
    assertEquals(16, cache.missed());
    cache.touch(16 * apart); // takes the place of the oldest
    cache.touch(0);
    assertEquals(18, cache.missed());
    assertEquals(34, cache.touched());
  }

  @Test
  void shouldKeepManyLines() {
    LineTable table = new LineTable();
    for (long line = -50_000; line < 50_000; line++) {
      table.put(line * 3, line + 50_000);
    }
    table.put(0, 7);
    assertEquals(7, table.get(0));
    assertEquals(0, table.get(-150_000));
    assertEquals(LineTable.NEVER, table.get(1));
  }
}
