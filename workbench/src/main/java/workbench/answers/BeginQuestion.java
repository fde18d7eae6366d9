package workbench.answers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import workbench.compare.CellResult;
import workbench.compare.TraceShape;

/** Where to begin placing in a vast address space. */
final class BeginQuestion implements Question {
  private static final int MAPPINGS = 64;
  private static final int PAGES = 8;
  private static final int WHOLE = 512; // pages of one mapping of 2 MiB
  private static final long HALF = 1L << 20;
  private static final long TABLE = 1L << 21; // what a table of the lowest level spans
  private static final long DIRECTORY = 1L << 30;
  private static final long QUARTER = 1L << 39; // what a table of the third level spans
  private static final int CLOSEST = 15; // log2 of a mapping's bytes: no gap at all
  private static final int FARTHEST = 40;

  @Override
  public String key() {
    return "begin";
  }

  @Override
  public Findings ask(Lab lab) throws IOException {
    Findings findings = new Findings();
    try (BootedSystem system = lab.boot(lab.stack("buddy", "arena", "dl"))) {
      scattered(system, findings);
      astride(system, findings);
    }
    programs(lab, findings);
    return findings;
  }

  private static void scattered(BootedSystem system, Findings findings) {
    Curve curve = Curve.line(MAPPINGS + " mappings of 32 KiB");
    for (int bits = CLOSEST; bits <= FARTHEST; bits++) {
      curve.add(
          (double) (1L << bits),
          (double) Scatter.tables(system, Scatter.every(1L << bits, MAPPINGS), PAGES));
    }
    List<Double> ys = curve.drawn().ys();
    findings.number("mappings", MAPPINGS);
    findings.number("pages", (double) MAPPINGS * PAGES);
    findings.number("tables.packed", ys.getFirst());
    findings.number("tables.table", ys.get(Long.numberOfTrailingZeros(TABLE) - CLOSEST));
    findings.number("tables.directory", ys.get(Long.numberOfTrailingZeros(DIRECTORY) - CLOSEST));
    findings.number("tables.far", ys.getLast());
    findings.number(
        "tables.random", Scatter.tables(system, Scatter.random(MAPPINGS, PAGES), PAGES));
    findings.plot(
        "begin-tables",
        new Plot(
            "Page tables of " + MAPPINGS * PAGES + " pages, by the distance of their mappings",
            Plot.logarithmic("distance from one mapping to the next, bytes"),
            Plot.linear("frames of page tables"),
            List.of(curve.drawn())));
  }

  private static void astride(BootedSystem system, Findings findings) {
    Map<String, Long> places = new LinkedHashMap<>();
    places.put("aligned", Scatter.BASE);
    places.put("astride.table", Scatter.BASE + TABLE - HALF);
    places.put("astride.directory", Scatter.BASE + DIRECTORY - HALF);
    places.put("astride.quarter", Scatter.BASE + QUARTER - HALF);
    places.forEach(
        (name, address) -> findings.number(name, Scatter.tables(system, List.of(address), WHOLE)));
  }

  private static void programs(Lab lab, Findings findings) throws IOException {
    Map<String, BootSpec> stacks = new LinkedHashMap<>();
    stacks.put("arena", lab.stack("buddy", "arena", "slab"));
    stacks.put("bump", lab.stack("buddy", "bump", "slab"));
    stacks.put("tree, low", lab.stack("buddy", "tree", "slab"));
    stacks.put("tree, high", lab.stack("buddy", "tree", "slab", "vmem.tree:placement=top-down"));
    for (int bits : new int[] {9, 18, 27}) {
      stacks.put(
          "tree, %d random bits".formatted(bits),
          lab.stack("buddy", "tree", "slab", "vmem.tree:randomBits=" + bits));
    }
    Grid grid = new Grid(head(lab));
    List<List<String>> rows = new ArrayList<>();
    stacks.keySet().forEach(name -> rows.add(new ArrayList<>(List.of(name))));
    double spread = 0; // between the stacks, of one trace
    for (Path trace : lab.traces()) {
      List<CellResult> results = lab.count(TraceShape.of(trace), List.copyOf(stacks.values()));
      long least = Long.MAX_VALUE;
      long most = 0;
      for (int i = 0; i < results.size(); i++) {
        long tables = Runs.of(results.get(i)).memory().peakTableFrames();
        rows.get(i).add(Shown.count(tables));
        least = Math.min(least, tables);
        most = Math.max(most, tables);
      }
      spread = Math.max(spread, (double) (most - least));
    }
    rows.forEach(grid::row);
    findings.number("spread", spread);
    findings.table("programs", grid);
  }

  private static String[] head(Lab lab) throws IOException {
    List<String> head = new ArrayList<>(List.of("addresses by"));
    lab.traces().forEach(trace -> head.add(Runs.name(trace)));
    return head.toArray(String[]::new);
  }
}
