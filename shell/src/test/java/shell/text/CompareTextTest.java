package shell.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import workbench.compare.CellResult;
import workbench.compare.CostModel;
import workbench.compare.Divergence;
import workbench.compare.Figures;
import workbench.compare.Parting;

final class CompareTextTest {
  private static final CostModel COSTS = new CostModel(Map.of("walkStep", 2L));

  @Test
  void shouldPrintATableOfCountsAndOneOfTheClock() {
    List<CellResult> results = Comparisons.results();
    List<String> lines =
        Capture.lines(out ->
            new CompareText(COSTS, new Figures(COSTS, 600e3), out)
                .print(results, Comparisons.PLAN));
    assertEquals(
        List.of(
            "app.trace on pc<1>.txt: 100 operations, 2.9 KiB live at most",
            "CYC/OP     PEAK   UTIL    INT    EXT  FRAMES  PT  FLUSH  RANK  STACK",
            "  20.0  4.0 KiB  73.2%  16.7%  41.4%       7   4      0    2*  buddy/arena/dl",
            "  18.0  8.0 KiB  36.6%  16.7%  70.7%       7   4      0    1*  buddy/arena/slab",
            "     -        -      -      -      -       -   -      -     -  [none] FAILED",
            "  * on the Pareto front over cyc/op (modelled), peak and mean fragmentation",
            "NS/OP  LEAST..MOST  P50  P99  P99.9    LAB  RANK  STACK",
            " 10.0   10.0..10.0   10   20     30  44+40     1  buddy/arena/dl",
            " 20.0   20.0..20.0   20   40     60  22+40     2  buddy/arena/slab",
            "  wall clock of this host, 5 runs: median, latencies with some 25 ns of clock; = not"
                + " told",
            "  apart from the best (Mann-Whitney, Holm, p >= 0.05)",
            "",
            "3 cells, 1 NOT good"),
        lines);
  }

  @Test
  void shouldSayWhereTwoCellsPart() {
    List<CellResult> results = Comparisons.results();
    Divergence at = new Divergence(1234, 600, 599, 48, Optional.of(4096L), Optional.empty());
    List<String> lines =
        Capture.lines(out -> {
          CompareText.printParting(
              new Parting(results.get(0), results.get(1), Optional.of(at)), out);
          CompareText.printParting(
              new Parting(results.get(0), results.get(0), Optional.empty()), out);
        });
    assertTrue(
        lines
            .get(0)
            .endsWith(
                "part at event 1,234: block 599 of 48 bytes at +4,096 and no place from the first"
                    + " block"),
        lines.toString());
    assertTrue(lines.get(1).endsWith("place every block alike"), lines.toString());
  }
}
