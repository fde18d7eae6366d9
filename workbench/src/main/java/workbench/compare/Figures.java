package workbench.compare;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A comparison as JSON and CSV: {@code docs/compare.md} defines keys and columns. */
public final class Figures {
  private static final Gson GSON = new Gson();

  private final CostModel costs;
  private final double reference;

  /**
   * Makes a writer.
   *
   * @param costs the prices of the modelled time
   * @param reference operations per second that get all points for throughput in the malloc lab
   */
  public Figures(CostModel costs, double reference) {
    this.costs = costs;
    this.reference = reference;
  }

  /**
   * {@return the whole comparison as one object}
   *
   * @param results all cells
   * @param plan how the figures were taken
   */
  public JsonObject json(List<CellResult> results, Plan plan) {
    JsonObject object = new JsonObject();
    object.addProperty("repeat", plan.repeat());
    object.addProperty("seed", plan.seed());
    object.addProperty("libcOpsPerSecond", reference);
    object.add("costs", GSON.toJsonTree(costs.cycles()));
    JsonArray groups = new JsonArray();
    Group.of(results).forEach(group -> groups.add(group(group)));
    object.add("groups", groups);
    return object;
  }

  /**
   * {@return partings as an array}
   *
   * @param partings where cells place blocks differently
   */
  public static JsonArray json(List<Parting> partings) {
    JsonArray array = new JsonArray();
    for (Parting parting : partings) {
      JsonObject object = new JsonObject();
      object.addProperty("trace", parting.one().cell().trace().file().toString());
      object.addProperty("map", parting.one().cell().stack().map().name());
      object.addProperty("one", parting.one().label());
      object.addProperty("other", parting.other().label());
      parting.at().ifPresent(at -> add(object, at));
      array.add(object);
    }
    return array;
  }

  private static void add(JsonObject object, Divergence at) {
    object.addProperty("event", at.event());
    object.addProperty("birth", at.birth());
    object.addProperty("id", at.id());
    object.addProperty("bytes", at.bytes());
    at.one().ifPresent(place -> object.addProperty("place", place));
    at.other().ifPresent(place -> object.addProperty("otherPlace", place));
  }

  private JsonObject group(Group group) {
    JsonObject object = new JsonObject();
    TraceShape trace = group.cells().getFirst().cell().trace();
    object.addProperty("trace", group.trace());
    object.addProperty("map", group.map());
    object.addProperty("operations", trace.operations());
    object.addProperty("events", trace.events());
    object.addProperty("peakEvent", trace.peakEvent());
    object.addProperty("peakLiveBytes", trace.peakLiveBytes());
    object.add("sizes", GSON.toJsonTree(trace.sizes()));
    JsonArray cells = new JsonArray();
    group.cells().forEach(cell -> cells.add(cell(cell)));
    addPlaces(group, cells);
    object.add("cells", cells);
    return object;
  }

  private void addPlaces(Group group, JsonArray cells) {
    boolean[] front = group.front(costs);
    List<Ranks.Place> modelled = group.rank(costs::perOperation);
    List<Ranks.Place> peak = group.rank(run -> run.memory().peakFootprintBytes());
    List<Ranks.Place> waste = group.rank(run -> run.means().fragmentation());
    List<Ranks.Place> clock = group.rankByClock();
    for (int i = 0; i < front.length; i++) {
      JsonObject cell = cells.get(group.cells().indexOf(group.ranked().get(i))).getAsJsonObject();
      cell.addProperty("pareto", front[i]);
      JsonObject ranks = new JsonObject();
      ranks.add("modelled", GSON.toJsonTree(modelled.get(i)));
      ranks.add("peakFootprint", GSON.toJsonTree(peak.get(i)));
      ranks.add("fragmentation", GSON.toJsonTree(waste.get(i)));
      if (!clock.isEmpty()) {
        ranks.add("wallClock", GSON.toJsonTree(clock.get(i)));
      }
      cell.add("ranks", ranks);
    }
  }

  private JsonObject cell(CellResult result) {
    JsonObject object = new JsonObject();
    object.addProperty("label", result.label());
    object.add("varied", GSON.toJsonTree(result.cell().varied()));
    object.add("settings", GSON.toJsonTree(result.cell().stack().settings()));
    object.addProperty("good", result.good());
    result.failure().ifPresent(text -> object.addProperty("failure", text));
    result.counted().ifPresent(counted -> addCounted(object, counted));
    result.timing().ifPresent(timing -> addTiming(object, result, timing));
    return object;
  }

  private void addCounted(JsonObject object, CellResult.Counted counted) {
    object.addProperty("physmem", counted.physmem());
    object.addProperty("vmem", counted.vmem());
    object.addProperty("heap", counted.heap());
    JsonArray runs = new JsonArray();
    for (RunFigures run : counted.runs()) {
      JsonObject one = GSON.toJsonTree(run).getAsJsonObject();
      one.addProperty("utilisation", run.utilisation());
      one.addProperty("internalFragmentation", run.means().internalFragmentation());
      one.addProperty("externalFragmentation", run.means().externalFragmentation());
      one.addProperty("fragmentation", run.means().fragmentation());
      one.addProperty("modelledCycles", costs.of(run));
      one.addProperty("modelledCyclesPerOperation", costs.perOperation(run));
      runs.add(one);
    }
    object.add("runs", runs);
    object.add("series", GSON.toJsonTree(counted.detail().series()));
    object.add("shot", GSON.toJsonTree(counted.detail().shot()));
  }

  private void addTiming(JsonObject object, CellResult result, Timing timing) {
    JsonObject one = GSON.toJsonTree(timing).getAsJsonObject();
    one.addProperty("nanosPerOperation", timing.median());
    one.addProperty("operationsPerSecond", timing.throughput());
    result
        .counted()
        .map(counted -> mallocLab(counted, timing))
        .ifPresent(score -> {
          one.addProperty("mallocLabUtilisation", score.utilisation());
          one.addProperty("mallocLabThroughput", score.throughput());
        });
    object.add("wallClock", one);
  }

  /**
   * {@return the malloc-lab score of a cell}
   *
   * @param counted its counted figures
   * @param timing its wall-clock figures
   */
  public MallocLab mallocLab(CellResult.Counted counted, Timing timing) {
    return MallocLab.of(counted.base().utilisation(), timing.throughput(), reference);
  }

  /**
   * {@return the scalar figures of each cell's first run, a line per cell, the columns' names
   * first}
   *
   * @param results all cells
   */
  public List<String> csv(List<CellResult> results) {
    List<Column> columns = columns();
    List<String> lines = new ArrayList<>();
    lines.add(
        "trace,map,physmem,vmem,heap,varied,status,"
            + String.join(",", columns.stream().map(Column::name).toList())
            + ",wallNanosPerOperation,wallLeast,wallMost,latency50,latency99,latency999,latencyMost");
    for (CellResult result : results) {
      lines.add(line(result, columns));
    }
    return lines;
  }

  /** A column of counted figures. */
  private record Column(String name, ToDoubleFunction<RunFigures> figure) {}

  private List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("modelledCycles", costs::of));
    columns.add(new Column("peakLiveBytes", run -> run.memory().peakLiveBytes()));
    columns.add(new Column("peakFootprintBytes", run -> run.memory().peakFootprintBytes()));
    columns.add(new Column("meanLiveBytes", run -> run.means().liveBytes()));
    columns.add(new Column("meanFootprintBytes", run -> run.means().footprintBytes()));
    columns.add(new Column("utilisation", RunFigures::utilisation));
    columns.add(new Column("internalFragmentation", run -> run.means().internalFragmentation()));
    columns.add(new Column("externalFragmentation", run -> run.means().externalFragmentation()));
    columns.add(new Column("peakFrames", run -> run.memory().peakFrames()));
    columns.add(new Column("peakTableFrames", run -> run.memory().peakTableFrames()));
    columns.add(new Column("spanBytes", run -> run.memory().spanBytes()));
    columns.add(new Column("metadataBytes", run -> run.memory().metadataBytes()));
    for (Count count : Count.values()) {
      columns.add(new Column(count.key(), run -> count.of(run.counts())));
    }
    return columns;
  }

  private static String line(CellResult result, List<Column> columns) {
    List<String> fields = new ArrayList<>();
    fields.add(quoted(result.cell().trace().file().toString()));
    fields.add(quoted(result.cell().stack().map().name()));
    if (result.counted().isPresent()) {
      CellResult.Counted counted = result.counted().get();
      fields.addAll(List.of(counted.physmem(), counted.vmem(), counted.heap()));
    } else {
      fields.addAll(List.of("", "", ""));
    }
    fields.add(quoted(String.join(" ", result.cell().varied())));
    fields.add(quoted(result.good() ? "good" : result.failure().orElse("births without memory")));
    for (Column column : columns) {
      fields.add(
          result
              .counted()
              .map(counted -> number(column.figure().applyAsDouble(counted.base())))
              .orElse(""));
    }
    fields.addAll(
        result.timing().map(Figures::wallClock).orElse(List.of("", "", "", "", "", "", "")));
    return String.join(",", fields);
  }

  private static List<String> wallClock(Timing timing) {
    return List.of(
        number(timing.median()),
        number(timing.least()),
        number(timing.most()),
        Long.toString(timing.latencyAt(50)),
        Long.toString(timing.latencyAt(99)),
        Long.toString(timing.latencyAt(99.9)),
        Long.toString(timing.latencyAt(100)));
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.6g", value);
  }

  private static String quoted(String text) {
    return text.matches("[\\w./:=+-]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
