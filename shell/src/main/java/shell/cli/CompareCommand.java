package shell.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import shell.report.HtmlReport;
import shell.text.CompareText;
import trace.FormatDetector;
import trace.TraceException;
import trace.TraceFormat;
import workbench.Warmup;
import workbench.compare.Cell;
import workbench.compare.CellResult;
import workbench.compare.Comparison;
import workbench.compare.CostModel;
import workbench.compare.Figures;
import workbench.compare.Group;
import workbench.compare.MallocLab;
import workbench.compare.Parting;
import workbench.compare.Plan;
import workbench.compare.StateFile;
import workbench.compare.SwapAt;
import workbench.compare.TraceShape;

/** {@code quarry compare}: traces on stacks, maps and settings, side by side. */
@Command(
    name = "compare",
    description = {
      "Replays traces on every combination of stacks, maps and varied settings, and shows the"
          + " figures side by side: docs/compare.md defines them.",
      "--physmem, --vmem and --heap take several names apart by commas, or all; --map takes several"
          + " files apart by commas.",
      "Exit status 1 if a cell failed; the others are shown all the same."
    })
final class CompareCommand implements Callable<Integer> {
  private static final int INTERRUPTED = 130; // as a shell has it for SIGINT
  private static final String STATE = "state.jsonl";

  @Mixin final BootOptions boot = new BootOptions();

  @ParentCommand @Nullable QuarryCommand parent;

  @Parameters(arity = "1..*", paramLabel = "TRACE", description = "Traces in any format.")
  List<Path> traces = new ArrayList<>();

  @Option(
      names = "--vary",
      paramLabel = "NAME:KEY=V,V…",
      description =
          "A setting that differs between the cells: one for each value. Of several, every"
              + " combination. Passed over for stacks without that provider.")
  List<String> vary = new ArrayList<>();

  @Option(
      names = "--repeat",
      paramLabel = "N",
      description = "Runs of each cell; with 1, no wall-clock figures. Default: 5.")
  int repeat = 5;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description =
          "Runs after the first find the machine perturbed, from seed S on: see docs/compare.md."
              + " Default: 0, all find it as it was booted.")
  long seed;

  @Option(names = "--samples", paramLabel = "N", description = "Samples over time. Default: 200.")
  int samples = 200;

  @Option(names = "--no-timing", description = "Take no wall-clock figures.")
  boolean untimed;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      description =
          "Untimed replays before a cell is timed. Default: as `replay` does, 8 seconds at most.")
  @Nullable Integer warmup;

  @Option(
      names = "--swap",
      paramLabel = "EVENT:TIER=NAME",
      description =
          "Exchange a provider after an event, or after N%% of them: 50%%:heap=slab. May be"
              + " repeated. Such runs are not timed.")
  List<String> swap = new ArrayList<>();

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Cells counted at once; timing is always alone. Default: the host's CPUs.")
  int jobs = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--cost",
      paramLabel = "COUNT=CYCLES",
      description = "What a count is taken to cost; may be repeated.")
  List<String> cost = new ArrayList<>();

  @Option(
      names = "--costs",
      paramLabel = "FILE",
      description = "Costs in a file of such lines, instead of the shipped ones.")
  @Nullable Path costs;

  @Option(
      names = "--libc-ops",
      paramLabel = "N",
      description =
          "Operations per second that get all points in the malloc lab. Default: 600000, the"
              + " handout's.")
  double reference = MallocLab.HANDOUT_REFERENCE;

  @Option(
      names = "--diverge",
      description = "Show the first birth that each cell places elsewhere than its group's first.")
  boolean diverge;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write all figures as one JSON object to FILE; - for standard output.")
  @Nullable String json;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Write a line of figures per cell to FILE; - for standard output.")
  @Nullable String csv;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Write DIR/index.html, a page with tables and plots that needs nothing else.")
  @Nullable Path report;

  @Option(
      names = {"--state", "--resume"},
      paramLabel = "FILE",
      description =
          "Keep finished cells in FILE and go on from there. Default: DIR/state.jsonl with"
              + " --report.")
  @Nullable Path stateFile;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  boolean help;

  private int unread; // traces
  private final House house;
  private final Terminal terminal;

  CompareCommand(House house, Terminal terminal) {
    this.house = house;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (parent != null) {
      boot.inherit(parent.boot);
    }
    Plan plan = chosenPlan();
    CostModel model = chosenCosts();
    refuseOverwriting();
    if (report != null) {
      Files.createDirectories(report);
    }
    try {
      return compare(plan, model);
    } catch (CancellationException e) {
      terminal.err().println("quarry: " + e.getMessage() + again());
      return INTERRUPTED;
    }
  }

  private Plan chosenPlan() {
    List<SwapAt> swaps = swap.stream().map(SwapAt::parse).toList();
    boolean timing = !untimed && repeat > 1 && swaps.isEmpty();
    return new Plan(repeat, seed, samples, timing, chosenWarmup(), jobs, swaps);
  }

  private void refuseOverwriting() throws IOException {
    List<Path> inputs = new ArrayList<>(traces);
    Optional.ofNullable(costs).ifPresent(inputs::add);
    inputs.addAll(Matrix.mapFiles(boot, house.samples()));
    List<Path> outputs = new ArrayList<>();
    chosenState().ifPresent(outputs::add);
    for (String name : Stream.of(json, csv).filter(Objects::nonNull).toList()) {
      if (!name.equals("-")) {
        outputs.add(Path.of(name));
      }
    }
    Outputs.refuse(outputs, inputs);
  }

  private String again() {
    return chosenState().isPresent()
        ? "; the same command goes on from there"
        : "; nothing was kept (--state FILE would)";
  }

  private Warmup chosenWarmup() {
    return warmup == null ? Warmup.DEFAULT : Warmup.exactly(warmup);
  }

  private CostModel chosenCosts() throws IOException {
    CostModel model = costs == null ? CostModel.shipped() : CostModel.of(costs);
    for (String one : cost) {
      model = model.with(one);
    }
    return model;
  }

  private int compare(Plan plan, CostModel model) throws IOException {
    List<CellResult> results;
    try (StateFile state = openState();
        CellProgress progress = CellProgress.of(terminal, house::ending)) {
      results = new Comparison(house.kernel(), plan, state, progress).run(cells());
    }
    Figures figures = new Figures(model, reference);
    List<Parting> partings = diverge ? partings(results, plan) : List.of();
    write(results, partings, plan, figures);
    if (!"-".equals(json) && !"-".equals(csv)) {
      new CompareText(model, figures, terminal.out()).print(results, plan);
      partings.forEach(parting -> CompareText.printParting(parting, terminal.out()));
    }
    results.forEach(this::printFailure);
    return unread == 0 && results.stream().allMatch(CellResult::good) ? 0 : 1;
  }

  private Optional<Path> chosenState() {
    return Optional.ofNullable(stateFile)
        .or(() -> Optional.ofNullable(report).map(directory -> directory.resolve(STATE)));
  }

  private StateFile openState() throws IOException {
    Optional<Path> file = chosenState();
    return file.isPresent() ? StateFile.open(file.get()) : StateFile.none();
  }

  private List<Cell> cells() throws IOException {
    List<TraceShape> shapes = new ArrayList<>();
    Set<Path> chosen = heapTraces();
    for (Path trace : chosen) {
      try {
        shapes.add(TraceShape.of(trace));
      } catch (TraceException e) { // the others are compared all the same
        if (chosen.size() == 1) {
          throw e;
        }
        unread++;
        terminal.err().println("quarry: " + e.getMessage() + "; passed over");
      }
    }
    return new Matrix(boot, vary, origin())
        .cells(shapes, house.maps(), house.samples(), house.kernel());
  }

  // Of several files, as a shell's pattern gives them, those of the lower tiers are passed over.
  private Set<Path> heapTraces() {
    Set<Path> all = new LinkedHashSet<>(traces);
    Set<Path> ofHeaps = new LinkedHashSet<>();
    for (Path trace : all) {
      if (FormatDetector.tierOf(trace) == TraceFormat.Tier.HEAP) {
        ofHeaps.add(trace);
      }
    }
    if (ofHeaps.isEmpty()) {
      return all; // refused with the reason
    }
    all.removeAll(ofHeaps);
    all.forEach(trace ->
        terminal.err().println("quarry: " + trace + ": passed over, it calls no heap; see replay"));
    return ofHeaps;
  }

  // Settings in etc/ hold for all cells, so they are part of what the figures depend on.
  private String origin() throws IOException {
    StringBuilder origin = new StringBuilder(house.version());
    Path etc = house.samples().home().resolve("etc");
    if (Files.isDirectory(etc)) {
      try (Stream<Path> files = Files.list(etc)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          origin
              .append('\n')
              .append(file.getFileName())
              .append(' ')
              .append(TraceShape.digest(file));
        }
      }
    }
    return origin.toString();
  }

  private void write(List<CellResult> results, List<Parting> partings, Plan plan, Figures figures)
      throws IOException {
    JsonObject all = figures.json(results, plan);
    all.add("partings", Figures.json(partings));
    if (json != null) {
      write(json, List.of(all.toString()));
    }
    if (csv != null) {
      write(csv, figures.csv(results));
    }
    if (report != null) {
      Path page = report.resolve("index.html");
      HtmlReport.write(page, all, house.version());
      terminal.err().println("quarry: report in " + page);
    }
  }

  private void write(String where, List<String> lines) throws IOException {
    if (where.equals("-")) {
      lines.forEach(terminal.out()::println);
    } else {
      Files.write(Path.of(where), lines);
    }
  }

  private List<Parting> partings(List<CellResult> results, Plan plan) throws IOException {
    List<Parting> partings = new ArrayList<>();
    for (Group group : Group.of(results)) {
      partings.addAll(Parting.of(group, house.kernel(), plan));
    }
    return partings;
  }

  private void printFailure(CellResult result) {
    result
        .failure()
        .ifPresent(text ->
            terminal
                .err()
                .println(
                    "quarry: %s on %s, %s: %s"
                        .formatted(
                            result.cell().traceName(),
                            Path.of(result.cell().stack().map().name()).getFileName(),
                            result.label(),
                            text)));
  }
}
