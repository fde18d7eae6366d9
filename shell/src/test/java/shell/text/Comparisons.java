package shell.text;

import allocator.api.Tier;
import hardware.api.map.FirmwareMap;
import hardware.api.map.MapSection;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kernel.api.BootSpec;
import workbench.Warmup;
import workbench.compare.Cell;
import workbench.compare.CellResult;
import workbench.compare.Detail;
import workbench.compare.Means;
import workbench.compare.Memory;
import workbench.compare.Plan;
import workbench.compare.RunFigures;
import workbench.compare.Series;
import workbench.compare.Shot;
import workbench.compare.Timing;
import workbench.compare.TraceShape;

/** A comparison made up by hand: two stacks that worked and one that did not. */
public final class Comparisons {
  /** How it was made. */
  public static final Plan PLAN = new Plan(5, 0, 2, true, Warmup.NONE, 1);

  private static final FirmwareMap MAP =
      new FirmwareMap(
          "maps/pc<1>.txt", "e820", false, MapSection.LAST, List.of(), List.of(), List.of(), "");

  private Comparisons() {}

  /** {@return the cells} */
  public static List<CellResult> results() {
    return List.of(
        good("dl", 1000, 4096, 10),
        good("slab", 900, 8192, 20),
        new CellResult(
            cell("none"), Optional.empty(), Optional.empty(), Optional.of("no heap </script>")));
  }

  private static Cell cell(String heap) {
    TraceShape trace =
        new TraceShape(
            Path.of("app.trace"), "digest", 100, 100, 50, 3000, List.of(0L, 0L, 0L, 0L, 60L, 3L));
    return new Cell(
        trace, new BootSpec(MAP, true, Map.of(Tier.HEAP, heap), List.of()), List.of(), "");
  }

  private static CellResult good(String heap, long steps, long footprint, long nanos) {
    Map<String, Long> counts = new HashMap<>(Map.of("operation", 100L, "walkStep", steps));
    RunFigures run =
        new RunFigures(
            0,
            counts,
            new Memory(3000, 60, footprint, 7, 4, 0, 0, 5000, -1),
            new Means(1000, 1200, footprint / 2.0, 6),
            List.of(50L, 13L));
    Series series =
        new Series(
            List.of(50L, 100L),
            List.of(3000L, 0L),
            List.of(3100L, 0L),
            List.of(footprint, footprint),
            List.of(7L, 7L),
            List.of(4L, 4L),
            List.of(0L, 1L));
    String fill = "0f8" + ".".repeat(509);
    Shot shot =
        new Shot(
            50,
            4096,
            List.of(new Shot.Tile(-67_108_864, fill)),
            List.of(new Shot.Tile(3, fill)),
            List.of(new Shot.PageBlocks(-34_359_738_366L, 1538, List.of(0, 100, 200, 50))));
    CellResult.Counted counted =
        new CellResult.Counted(
            "buddy", "arena", heap, List.of(run), new Detail(series, List.of(shot), List.of(7L)));
    return new CellResult(cell(heap), Optional.of(counted), Optional.of(timing(nanos)), none());
  }

  private static Optional<String> none() {
    return Optional.empty();
  }

  private static Timing timing(long nanos) {
    long run = nanos * 100;
    return new Timing(
        100,
        0,
        List.of(run, run + 1, run + 2, run + 3, run + 4),
        List.of(50.0, 99.0, 99.9, 100.0),
        List.of(nanos, 2 * nanos, 3 * nanos, 4 * nanos),
        Collections.nCopies(5, nanos),
        Collections.nCopies(5, 2 * nanos));
  }
}
