package workbench.answers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kernel.api.BootSpec;
import workbench.compare.CellResult;
import workbench.compare.RunFigures;
import workbench.compare.TraceShape;

/** Zones of equal objects, or boundary tags. */
final class ZonesQuestion implements Question {
  private static final List<Integer> SIZES = List.of(1, 2, 4, 8, 16, 32, 64, 128);
  private static final List<String> HEAPS = List.of("dl", "arena", "slab", "zone");

  /** A way to serve equal objects. */
  private record Way(String name, String heap, boolean caches) {}

  private static final List<Way> WAYS =
      List.of(
          new Way("dl", "dl", false),
          new Way("arena", "arena", false),
          new Way("slab, size classes", "slab", false),
          new Way("slab, caches", "slab", true),
          new Way("zone, caches", "zone", true));

  @Override
  public String key() {
    return "zones";
  }

  @Override
  public Findings ask(Lab lab) throws IOException {
    Findings findings = new Findings();
    objects(lab, findings);
    programs(lab, findings);
    return findings;
  }

  private static void objects(Lab lab, Findings findings) {
    Map<String, Curve> full = new LinkedHashMap<>();
    Map<String, Curve> left = new LinkedHashMap<>();
    List<String> head = new ArrayList<>(List.of("heap"));
    SIZES.forEach(sizes -> head.add(sizes.toString()));
    Grid grid = new Grid(head.toArray(String[]::new));
    for (Way way : WAYS) {
      BootSpec spec = lab.stack("buddy", "arena", way.heap());
      List<String> row = new ArrayList<>(List.of(way.name()));
      for (int sizes : SIZES) {
        ObjectMix mix = ObjectMix.of(lab, spec, sizes, way.caches());
        full.computeIfAbsent(way.name(), Curve::line).add(sizes, mix.cost());
        left.computeIfAbsent(way.name(), Curve::line).add(sizes, mix.leftCost());
        row.add(Shown.number(mix.cost()) + ", " + Shown.number(mix.leftCost()));
        findings.number(Runs.key(way.name()) + "." + sizes, mix.cost());
        findings.number(Runs.key(way.name()) + "." + sizes + ".left", mix.leftCost());
      }
      grid.row(row);
    }
    findings.number("live", ObjectMix.LIVE);
    findings.number("steps", ObjectMix.STEPS);
    findings.table("objects", grid);
    findings.plot("zones-full", plot("While all objects live", full));
    findings.plot("zones-left", plot("After three of four were freed", left));
  }

  private static Plot plot(String title, Map<String, Curve> curves) {
    return new Plot(
        title,
        Plot.logarithmic("object sizes"),
        Plot.linear("bytes held per live byte"),
        Curve.drawn(curves.values()));
  }

  private static void programs(Lab lab, Findings findings) throws IOException {
    Grid grid = new Grid("trace and heap", "most held, per live byte", "rounding", "free or tags");
    List<BootSpec> stacks = HEAPS.stream().map(heap -> lab.stack("buddy", "arena", heap)).toList();
    for (Path trace : lab.traces()) {
      List<CellResult> results = lab.count(TraceShape.of(trace), stacks);
      for (int i = 0; i < HEAPS.size(); i++) {
        RunFigures run = Runs.of(results.get(i));
        double held = 1 / run.utilisation();
        grid.row(
            Runs.name(trace) + ", " + HEAPS.get(i),
            Shown.number(held),
            Shown.percent(run.means().internalFragmentation()),
            Shown.percent(run.means().externalFragmentation()));
        String key = HEAPS.get(i) + "." + Runs.name(trace);
        findings.number(key + ".held", held);
        findings.percent(key + ".rounding", run.means().internalFragmentation());
      }
    }
    findings.table("programs", grid);
  }
}
