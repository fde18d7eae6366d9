package workbench.answers;

import allocator.api.Tier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import workbench.ReplayRequest;
import workbench.TraceReplay;
import workbench.Warmup;

/** Whether to reuse addresses or to grow upward for ever. */
final class ReuseQuestion implements Question {
  private static final int RUNS = 10; // of a program, after the first
  private static final List<String> HEAPS = List.of("dl", "slab", "zone", "arena");
  private static final double SPACE = 0x1p47; // bytes of one half of a 48-bit address space
  private static final double FAST = 1e6; // steps or calls a second
  private static final double SLOW = 1e3;
  private static final double THOUSAND = 1000;

  @Override
  public String key() {
    return "reuse";
  }

  @Override
  public Findings ask(Lab lab) throws IOException {
    Findings findings = new Findings();
    churn(lab, findings);
    programs(lab, findings);
    return findings;
  }

  private static void churn(Lab lab, Findings findings) {
    Map<String, BootSpec> stacks = new LinkedHashMap<>();
    stacks.put("arena", lab.stack("buddy", "arena", "dl"));
    stacks.put("tree", lab.stack("buddy", "tree", "dl"));
    stacks.put("tree, no guard", lab.stack("buddy", "tree", "dl", "vmem.tree:guard=false"));
    stacks.put("bump", lab.stack("buddy", "bump", "dl"));
    Grid grid =
        new Grid("addresses by", "reach", "used up per step", "mappings apart", "page tables");
    List<Curve> tables = new ArrayList<>();
    List<Curve> apart = new ArrayList<>();
    stacks.forEach((name, spec) -> {
      AddressChurn churn = AddressChurn.of(lab, spec);
      Curve table = Curve.line(name);
      Curve separate = Curve.line(name);
      for (int i = 0; i < churn.steps().size(); i++) {
        table.add(churn.steps().get(i), churn.tables().get(i));
        separate.add(churn.steps().get(i), churn.mappings().get(i));
      }
      tables.add(table);
      apart.add(separate);
      add(name, churn, findings, grid);
    });
    findings.number("live", AddressChurn.LIVE);
    findings.number("steps", AddressChurn.STEPS);
    findings.table("churn", grid);
    findings.plot("reuse-tables", plot("Page tables of a task", "frames of page tables", tables));
    findings.plot(
        "reuse-mappings", plot("Mappings that touch no other", "separate mappings", apart));
  }

  private static Plot plot(String title, String vertical, List<Curve> curves) {
    return new Plot(
        title, Plot.linear("mappings replaced"), Plot.linear(vertical), Curve.drawn(curves));
  }

  private static void add(String name, AddressChurn churn, Findings findings, Grid grid) {
    double used = churn.consumedPerStep();
    grid.row(
        name,
        Shown.bytes(churn.reach().getLast()),
        Shown.bytes(used),
        Shown.count(churn.mappings().getLast()),
        Shown.count(churn.tables().getLast()));
    String key = Runs.key(name);
    findings.bytes(key + ".reach", churn.reach().getLast());
    findings.bytes(key + ".used", used);
    findings.number(key + ".apart", churn.mappings().getLast());
    findings.number(key + ".tables", churn.tables().getLast());
    findings.number(key + ".tables.half", churn.tables().get(churn.tables().size() / 2));
    if (name.equals("bump")) {
      forecast(used, findings);
    }
  }

  private static void forecast(double used, Findings findings) {
    double steps = SPACE / used;
    findings.number("bump.steps", steps);
    findings.figure("bump.slow", steps / SLOW, Shown.duration(steps / SLOW));
    findings.figure("bump.fast", steps / FAST, Shown.duration(steps / FAST));
  }

  private static void programs(Lab lab, Findings findings) throws IOException {
    List<String> head = new ArrayList<>(List.of("heap"));
    lab.traces().forEach(trace -> head.add(Runs.name(trace)));
    head.add("until 2^47 bytes are used, at 10^6 calls a second");
    Grid grid = new Grid(head.toArray(String[]::new));
    double soonest = Double.MAX_VALUE;
    for (String heap : HEAPS) {
      List<String> row = new ArrayList<>(List.of(heap));
      double worst = 0;
      for (Path trace : lab.traces()) {
        double used = consumed(lab, heap, trace);
        worst = Math.max(worst, used);
        row.add(Shown.bytes(used * THOUSAND));
      }
      double seconds = SPACE / worst / FAST; // infinite if nothing is used up
      row.add(worst == 0 ? "never" : Shown.duration(seconds));
      grid.row(row);
      soonest = Math.min(soonest, seconds);
    }
    findings.number("programs.runs", RUNS);
    findings.table("programs", grid);
    findings.figure("programs.soonest", soonest, Shown.duration(soonest));
  }

  // Addresses that a heap took from a bump allocator, for each of its calls, from the second run of
  // the program on: what it took in the first is the program's size.
  private static double consumed(Lab lab, String heap, Path trace) throws IOException {
    BootSpec spec = lab.stack("buddy", "bump", heap);
    ReplayRequest request =
        new ReplayRequest(
            trace,
            Optional.empty(),
            spec,
            Warmup.NONE,
            false,
            false,
            Optional.empty(),
            (position, total) -> {});
    try (BootedSystem system = lab.boot(spec)) {
      TraceReplay replay = new TraceReplay(lab.kernel());
      replay.runOn(request, system);
      long before = consumed(system);
      long operations = 0;
      for (int i = 0; i < RUNS; i++) {
        operations += replay.runOn(request, system).report().result().operations();
      }
      return (consumed(system) - before) / (double) operations;
    }
  }

  private static long consumed(BootedSystem system) {
    return system.figures(Tier.VMEM).stream()
        .filter(figure -> figure.name().equals("consumed"))
        .mapToLong(figure -> figure.value())
        .sum();
  }
}
