package shell.text;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleFunction;
import workbench.compare.CellResult;
import workbench.compare.CostModel;
import workbench.compare.Count;
import workbench.compare.Divergence;
import workbench.compare.Figures;
import workbench.compare.Group;
import workbench.compare.MallocLab;
import workbench.compare.Parting;
import workbench.compare.Plan;
import workbench.compare.Ranks;
import workbench.compare.RunFigures;
import workbench.compare.Timing;

/** A comparison for people: per trace and map a table of what is counted and one of the clock. */
public final class CompareText {
  private final CostModel costs;
  private final Figures figures;
  private final PrintStream out;

  /**
   * Makes a printer.
   *
   * @param costs the prices of the modelled time
   * @param figures scores cells
   * @param out where to
   */
  public CompareText(CostModel costs, Figures figures, PrintStream out) {
    this.costs = costs;
    this.figures = figures;
    this.out = out;
  }

  /**
   * Prints all tables.
   *
   * @param results all cells
   * @param plan how the figures were taken
   */
  public void print(List<CellResult> results, Plan plan) {
    List<Group> groups = Group.of(results);
    groups.forEach(group -> print(group, plan));
    if (groups.size() > 1) {
      printMeanRanks(groups);
    }
    long failed = results.stream().filter(result -> !result.good()).count();
    out.printf(
        Locale.ROOT,
        "%,d cells, %s%n",
        results.size(),
        failed == 0 ? "all good" : failed + " NOT good");
  }

  private void print(Group group, Plan plan) {
    CellResult first = group.cells().getFirst();
    out.printf(
        Locale.ROOT,
        "%s on %s: %,d operations, %s live at most%n",
        Path.of(group.trace()).getFileName(),
        Path.of(group.map()).getFileName(),
        first.cell().trace().operations(),
        Sizes.bytes(first.cell().trace().peakLiveBytes()));
    printCounted(group, plan);
    printClock(group, plan);
    out.println();
  }

  private void printCounted(Group group, Plan plan) {
    Table table =
        new Table(
            ">cyc/op", ">peak", ">util", ">int", ">ext", ">frames", ">pt", ">flush", ">rank",
            "stack");
    List<CellResult> ranked = group.ranked();
    List<Ranks.Place> places = group.rank(costs::perOperation);
    boolean[] front = group.front(costs);
    for (CellResult cell : group.cells()) {
      int at = ranked.indexOf(cell);
      String rank = at < 0 ? "-" : rank(places.get(at), plan.seed() != 0) + (front[at] ? "*" : "");
      String label = cell.label() + (cell.good() ? "" : trouble(cell));
      cell.counted()
          .map(CellResult.Counted::base)
          .ifPresentOrElse(
              run -> row(table, run, rank, label),
              () -> table.row("-", "-", "-", "-", "-", "-", "-", "-", "-", label));
    }
    table.print(out);
    out.println("  * on the Pareto front over cyc/op (modelled), peak and mean fragmentation");
    if (plan.seed() != 0) {
      printSeeds(group);
    }
  }

  private static String trouble(CellResult cell) {
    return cell.failure().isPresent()
        ? " FAILED"
        : " (%,d births without memory)".formatted(cell.failures());
  }

  private void row(Table table, RunFigures run, String rank, String label) {
    table.row(
        decimal(costs.perOperation(run)),
        Sizes.bytes(run.memory().peakFootprintBytes()),
        percent(run.utilisation()),
        percent(run.means().internalFragmentation()),
        percent(run.means().externalFragmentation()),
        Sizes.count(run.memory().peakFrames()),
        Sizes.count(run.memory().peakTableFrames()),
        Sizes.count(Count.FLUSH.of(run.counts())),
        rank,
        label);
  }

  // The spread over seeds, of what the first run's figures are only one sample of.
  private void printSeeds(Group group) {
    Table table = new Table(">cyc/op over seeds", ">peak over seeds", ">frag over seeds", "stack");
    for (CellResult cell : group.ranked()) {
      List<RunFigures> runs = cell.counted().orElseThrow().runs();
      table.row(
          spread(runs.stream().mapToDouble(costs::perOperation).toArray(), CompareText::decimal),
          spread(
              runs.stream().mapToDouble(run -> run.memory().peakFootprintBytes()).toArray(),
              value -> Sizes.bytes((long) value)),
          spread(
              runs.stream().mapToDouble(run -> run.means().fragmentation()).toArray(),
              CompareText::percent),
          cell.label());
    }
    table.print(out);
  }

  private static String spread(double[] values, DoubleFunction<String> format) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    return format.apply(least) + " .. " + format.apply(most);
  }

  private void printClock(Group group, Plan plan) {
    if (!plan.timing()) {
      return;
    }
    Table table =
        new Table(">ns/op", ">least..most", ">p50", ">p99", ">p99.9", ">lab", ">rank", "stack");
    List<CellResult> ranked = group.ranked();
    List<Ranks.Place> places = group.rankByClock();
    for (CellResult cell : group.cells()) {
      if (cell.timing().isPresent() && cell.counted().isPresent()) {
        int at = ranked.indexOf(cell);
        String rank = at < 0 || places.isEmpty() ? "-" : rank(places.get(at), true);
        row(table, cell.counted().get(), cell.timing().get(), rank, cell.label());
      }
    }
    table.print(out);
    out.printf(
        Locale.ROOT,
        "  wall clock of this host, %d runs: median, latencies with some 25 ns of clock; = not"
            + " told%n  apart from the best (Mann-Whitney, Holm, p >= %.2f)%n",
        plan.repeat(),
        Ranks.LEVEL);
  }

  private void row(
      Table table, CellResult.Counted counted, Timing timing, String rank, String label) {
    MallocLab score = figures.mallocLab(counted, timing);
    table.row(
        decimal(timing.median()),
        decimal(timing.least()) + ".." + decimal(timing.most()),
        Sizes.count(timing.latencyAt(50)),
        Sizes.count(timing.latencyAt(99)),
        Sizes.count(timing.latencyAt(99.9)),
        "%.0f+%.0f".formatted(score.utilisation(), score.throughput()),
        rank,
        label);
  }

  // Without a spread there is nothing to test: counted figures of one run are what they are.
  private static String rank(Ranks.Place place, boolean spread) {
    return place.rank() + (spread && place.rank() > 1 && !place.toldApart() ? "=" : "");
  }

  // A stack that failed somewhere has no mean: it would be one over other traces.
  private void printMeanRanks(List<Group> groups) {
    Map<String, double[]> sums = new LinkedHashMap<>();
    for (Group group : groups) {
      List<List<Ranks.Place>> places =
          List.of(
              group.rank(costs::perOperation),
              group.rank(run -> run.memory().peakFootprintBytes()),
              group.rank(run -> run.means().fragmentation()),
              group.rankByClock());
      for (int i = 0; i < group.ranked().size(); i++) {
        double[] sum = sums.computeIfAbsent(group.ranked().get(i).label(), key -> new double[5]);
        for (int k = 0; k < places.size(); k++) {
          sum[k] += places.get(k).isEmpty() ? Double.NaN : places.get(k).get(i).rank();
        }
        sum[places.size()]++;
      }
    }
    Table table = new Table(">cyc/op", ">peak", ">frag", ">wall clock", ">groups", "mean rank of");
    sums.forEach((label, sum) -> {
      List<Object> cells = new ArrayList<>();
      for (int k = 0; k < 4; k++) {
        cells.add(Double.isNaN(sum[k]) ? "-" : "%.2f".formatted(sum[k] / sum[4]));
      }
      cells.add((int) sum[4]);
      cells.add(label);
      table.row(cells.toArray());
    });
    table.print(out);
  }

  /**
   * Prints where two cells of a group place a block differently for the first time.
   *
   * @param parting the cells and the place
   * @param out where to
   */
  public static void printParting(Parting parting, PrintStream out) {
    String what =
        "%s on %s: %s and %s"
            .formatted(
                parting.one().cell().traceName(),
                Path.of(parting.one().cell().stack().map().name()).getFileName(),
                parting.one().label(),
                parting.other().label());
    if (parting.at().isEmpty()) {
      out.println(what + " place every block alike");
      return;
    }
    Divergence at = parting.at().get();
    out.printf(
        Locale.ROOT,
        "%s part at event %,d: block %d of %,d bytes at %s and %s from the first block%n",
        what,
        at.event(),
        at.id(),
        at.bytes(),
        place(at.one()),
        place(at.other()));
  }

  private static String place(Optional<Long> offset) {
    return offset.map("%+,d"::formatted).orElse("no place");
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f%%", share * 100);
  }
}
