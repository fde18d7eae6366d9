package workbench.answers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import kernel.api.BootSpec;
import workbench.compare.CellResult;
import workbench.compare.Count;
import workbench.compare.RunFigures;
import workbench.compare.TraceShape;

/** Whether a heap should have a fixed size or grow. */
final class FixedQuestion implements Question {
  private static final List<String> HEAPS = List.of("dl", "arena");
  private static final int LEAST = 100; // percent of the trace's peak of live bytes
  private static final int MOST = 170;
  private static final int STEP = 5;
  private static final double PERCENT = 100;
  private static final int PAGE = 4096;

  @Override
  public String key() {
    return "fixed";
  }

  @Override
  public Findings ask(Lab lab) throws IOException {
    Findings findings = new Findings();
    Grid grid =
        new Grid(
            "heap and trace",
            "peak live",
            "smallest fixed region",
            "growing: most held",
            "growing: mean held",
            "growing: calls below");
    List<Curve> curves = new ArrayList<>();
    List<Double> shares = new ArrayList<>();
    long calls = 0;
    double least = Double.MAX_VALUE;
    double most = 0;
    for (String heap : HEAPS) {
      for (Path trace : lab.traces()) {
        Curve curve = Curve.line(heap + ", " + Runs.name(trace));
        Sweep sweep = sweep(lab, heap, TraceShape.of(trace), curve);
        curves.add(curve);
        grid.row(row(heap + ", " + Runs.name(trace), sweep));
        String key = heap + "." + Runs.name(trace);
        findings.figure(key, sweep.least / PERCENT, sweep.least + " %");
        shares.add(sweep.growing.means().footprintBytes() / sweep.region());
        calls = Math.max(calls, Count.BACKING_CALL.of(sweep.growing.counts()));
        least = Math.min(least, sweep.least);
        most = Math.max(most, sweep.least);
      }
    }
    findings.number("least", least);
    findings.number("most", most);
    findings.percent("growing.least", Collections.min(shares));
    findings.percent("growing.most", Collections.max(shares));
    findings.number("calls.most", calls);
    findings.table("regions", grid);
    findings.plot(
        "fixed-failures",
        new Plot(
            "Requests that a fixed region refuses",
            Plot.linear("size of the region, % of the most live bytes"),
            Plot.linear("births without memory"),
            Curve.drawn(curves)));
    return findings;
  }

  /** What became of one trace: the least size without a refusal, in percent, and growing. */
  private record Sweep(long live, int least, RunFigures growing) {
    double region() {
      return live * least / PERCENT;
    }
  }

  private static Sweep sweep(Lab lab, String heap, TraceShape trace, Curve curve)
      throws IOException {
    List<BootSpec> stacks = new ArrayList<>();
    stacks.add(lab.stack("buddy", "arena", heap));
    for (int size = LEAST; size <= MOST; size += STEP) {
      long bytes = Math.ceilDiv((long) (trace.peakLiveBytes() * size / PERCENT), PAGE) * PAGE;
      stacks.add(
          lab.stack(
              "buddy",
              "arena",
              heap,
              "heap." + heap + ":mode=fixed",
              "heap." + heap + ":capacity=" + bytes));
    }
    List<CellResult> results = lab.count(trace, stacks);
    int least = MOST + STEP;
    for (int i = results.size() - 1; i > 0; i--) {
      int size = LEAST + (i - 1) * STEP;
      long failures = results.get(i).failures();
      least = failures == 0 && least == size + STEP ? size : least;
    }
    for (int i = 1; i < results.size(); i++) {
      curve.add(LEAST + (i - 1) * STEP, (double) results.get(i).failures());
    }
    return new Sweep(trace.peakLiveBytes(), least, Runs.of(results.getFirst()));
  }

  private static List<String> row(String name, Sweep sweep) {
    RunFigures growing = sweep.growing;
    return List.of(
        name,
        Shown.bytes(sweep.live),
        sweep.least > MOST ? "above " + MOST + " %" : sweep.least + " %",
        Shown.percent(growing.memory().peakFootprintBytes() / (double) sweep.live),
        Shown.percent(growing.means().footprintBytes() / sweep.live),
        Shown.count(Count.BACKING_CALL.of(growing.counts())));
  }
}
