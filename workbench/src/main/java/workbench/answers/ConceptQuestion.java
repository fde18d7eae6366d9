package workbench.answers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kernel.api.BootSpec;
import workbench.compare.CellResult;
import workbench.compare.RunFigures;
import workbench.compare.TraceShape;

/** Whether frames, addresses and blocks are one concept or three. */
final class ConceptQuestion implements Question {
  @Override
  public String key() {
    return "concept";
  }

  @Override
  public Findings ask(Lab lab) throws IOException {
    Findings findings = new Findings();
    programs(lab, findings);
    frames(lab, findings);
    return findings;
  }

  private static Map<String, BootSpec> stacks(Lab lab) {
    Map<String, BootSpec> stacks = new LinkedHashMap<>();
    stacks.put("arena/arena/arena", lab.stack("arena", "arena", "arena"));
    stacks.put("buddy/arena/dl", lab.stack("buddy", "arena", "dl"));
    stacks.put("buddy/tree/slab", lab.stack("buddy", "tree", "slab"));
    stacks.put("llfree/arena/dl", lab.stack("llfree", "arena", "dl"));
    stacks.put("bitmap/bump/arena", lab.stack("bitmap", "bump", "arena"));
    return stacks;
  }

  private static void programs(Lab lab, Findings findings) throws IOException {
    Map<String, BootSpec> stacks = stacks(lab);
    List<String> names = List.copyOf(stacks.keySet());
    Grid grid = new Grid("trace and stack", "most held", "frames", "page tables", "unused");
    Map<String, Curve> curves = new LinkedHashMap<>();
    int number = 0;
    for (Path trace : lab.traces()) {
      number++;
      List<CellResult> results = lab.count(TraceShape.of(trace), List.copyOf(stacks.values()));
      for (int i = 0; i < names.size(); i++) {
        RunFigures run = Runs.of(results.get(i));
        grid.row(
            Runs.name(trace) + ", " + names.get(i),
            Shown.bytes(run.memory().peakFootprintBytes()),
            Shown.count(run.memory().peakFrames()),
            Shown.count(run.memory().peakTableFrames()),
            Shown.percent(run.means().fragmentation()));
        curves
            .computeIfAbsent(names.get(i), Curve::points)
            .add(number, (double) run.memory().peakFrames());
        findings.number(
            names.get(i) + "." + Runs.name(trace) + ".frames", run.memory().peakFrames());
      }
    }
    findings.table("programs", grid);
    findings.plot(
        "concept-frames",
        new Plot(
            "Frames at the peak",
            Plot.linear("trace: 1 perl-words, 2 python3-threads, 3 sqlite3-words"),
            Plot.linear("frames"),
            Curve.drawn(curves.values())));
  }

  private static void frames(Lab lab, Findings findings) {
    Grid grid =
        new Grid("frames by", "metadata after boot", "all out as 2 MiB blocks", "longest run");
    for (String name : List.of("arena", "buddy", "llfree", "bitmap")) {
      FrameSurvey survey = FrameSurvey.of(lab, lab.stack(name, "arena", "dl"));
      grid.row(
          name,
          Shown.bytes(survey.metadata()),
          Shown.bytes(survey.fullMetadata()),
          Shown.count(survey.run()) + " frames");
      findings.bytes(name + ".boot", survey.metadata());
      findings.bytes(name + ".full", survey.fullMetadata());
    }
    findings.table("frames", grid);
  }
}
