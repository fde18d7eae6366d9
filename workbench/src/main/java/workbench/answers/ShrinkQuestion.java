package workbench.answers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kernel.api.BootSpec;
import trace.SyntheticTrace;
import trace.TraceWriter;
import workbench.compare.CellResult;
import workbench.compare.CostModel;
import workbench.compare.Count;
import workbench.compare.RunFigures;
import workbench.compare.Series;
import workbench.compare.TraceShape;

/** Whether to unmap or to keep when the heap shrinks. */
final class ShrinkQuestion implements Question {
  private static final int OPERATIONS = 400_000;
  private static final int PEAK_BLOCKS = 30_000;
  private static final int WAVES = 5;
  private static final int LARGEST = 1 << 16;
  private static final int THREADS = 2; // so that flushes have somebody to reach
  private static final int TIDES = 100;
  private static final int TIDE_BLOCKS = 500;
  private static final int TIDE_BYTES = 4000;
  private static final double MIB = 1 << 20;
  private static final Map<String, String> DEATHS =
      Map.of("random", "in any order", "stacked", "youngest first");

  @Override
  public String key() {
    return "shrink";
  }

  @Override
  public Findings ask(Lab lab) throws IOException {
    Findings findings = new Findings();
    findings.number("waves", WAVES);
    findings.number("tides", TIDES);
    measure(lab, "random", TraceShape.of(waves(lab)), findings);
    measure(lab, "stacked", TraceShape.of(tides(lab)), findings);
    return findings;
  }

  private static void measure(Lab lab, String program, TraceShape trace, Findings findings)
      throws IOException {
    Map<String, BootSpec> stacks = stacks(lab);
    List<String> names = List.copyOf(stacks.keySet());
    List<CellResult> results = lab.count(trace, List.copyOf(stacks.values()));
    Grid grid =
        new Grid(
            "heap",
            "mean held",
            "most held",
            "calls below, per 1,000",
            "flushes",
            "pages flushed",
            "cycles per call");
    for (int i = 0; i < names.size(); i++) {
      add(program + "." + Runs.key(names.get(i)), Runs.of(results.get(i)), findings);
      grid.row(row(names.get(i), Runs.of(results.get(i))));
    }
    findings.percent(
        program + ".saved",
        1
            - Runs.of(results.getFirst()).means().footprintBytes()
                / Runs.of(results.get(names.indexOf("dl, off"))).means().footprintBytes());
    findings.number(program + ".operations", trace.operations());
    findings.bytes(program + ".peak", trace.peakLiveBytes());
    findings.bytes(program + ".mean", Runs.of(results.getFirst()).means().liveBytes());
    findings.table(program, grid);
    findings.plot("shrink-" + program, course(program, names, results));
  }

  private static Map<String, BootSpec> stacks(Lab lab) {
    Map<String, BootSpec> stacks = new LinkedHashMap<>();
    for (String threshold : List.of("64K", "256K", "1M", "off")) {
      stacks.put(
          "dl, " + threshold,
          lab.stack("buddy", "arena", "dl", "heap.dl:trim.threshold=" + threshold));
    }
    stacks.put(
        "dl, 64K, no waiting",
        lab.stack("buddy", "arena", "dl", "heap.dl:trim.threshold=64K", "kernel:lazy.bytes=0"));
    for (String kept : List.of("0", "1M", "4M")) {
      stacks.put(
          "arena, " + kept,
          lab.stack("buddy", "arena", "arena", "heap.arena:retain.bytes=" + kept));
    }
    stacks.put("slab", lab.stack("buddy", "arena", "slab"));
    return stacks;
  }

  private static Path waves(Lab lab) throws IOException {
    Path file = lab.scratch().resolve("waves.trace.gz");
    SyntheticTrace.Shape shape =
        new SyntheticTrace.Shape(OPERATIONS, THREADS, PEAK_BLOCKS, WAVES, LARGEST);
    try (TraceWriter writer = TraceWriter.create(file)) {
      writer.writeAll(new SyntheticTrace(1, shape));
    }
    return file;
  }

  // All blocks die before the first of the next tide is born, the youngest first.
  private static Path tides(Lab lab) throws IOException {
    Path file = lab.scratch().resolve("tides.trace.gz");
    long next = 0;
    try (TraceWriter writer = TraceWriter.create(file)) {
      for (int tide = 0; tide < TIDES; tide++) {
        for (int i = 0; i < TIDE_BLOCKS; i++) {
          writer.allocate(next + i, TIDE_BYTES);
        }
        for (int i = TIDE_BLOCKS - 1; i >= 0; i--) {
          writer.free(next + i);
        }
        next += TIDE_BLOCKS;
      }
    }
    return file;
  }

  private static List<String> row(String name, RunFigures run) {
    return List.of(
        name,
        Shown.bytes(run.means().footprintBytes()),
        Shown.bytes(run.memory().peakFootprintBytes()),
        Shown.number(Runs.perThousand(run, Count.BACKING_CALL)),
        Shown.count(Count.FLUSH.of(run.counts())),
        Shown.count(Count.FLUSHED_PAGE.of(run.counts())),
        Shown.number(CostModel.shipped().perOperation(run)));
  }

  private static void add(String key, RunFigures run, Findings findings) {
    findings.bytes(key + ".held", run.means().footprintBytes());
    findings.number(key + ".calls", Runs.perThousand(run, Count.BACKING_CALL));
    findings.number(key + ".flushes", Count.FLUSH.of(run.counts()));
    findings.number(key + ".cycles", CostModel.shipped().perOperation(run));
    findings.number(key + ".misses", Runs.perThousand(run, Count.LINE_MISS));
  }

  private static Plot course(String program, List<String> names, List<CellResult> results) {
    List<Plot.Series> all = new ArrayList<>();
    Series first = results.getFirst().counted().orElseThrow().detail().series();
    all.add(drawn("live", first.event(), first.live()));
    for (String name : List.of("dl, 64K", "dl, off", "arena, 0", "slab")) {
      Series one = results.get(names.indexOf(name)).counted().orElseThrow().detail().series();
      all.add(drawn(name, one.event(), one.footprint()));
    }
    return new Plot(
        "What heaps hold, blocks dying " + DEATHS.get(program),
        Plot.linear("events"),
        Plot.linear("MiB"),
        all);
  }

  private static Plot.Series drawn(String name, List<Long> events, List<Long> bytes) {
    return new Plot.Series(
        name,
        events.stream().map(Long::doubleValue).toList(),
        bytes.stream().map(each -> each / MIB).toList(),
        true);
  }
}
