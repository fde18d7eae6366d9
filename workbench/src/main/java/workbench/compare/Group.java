package workbench.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The cells that can be compared with each other: those of one trace on one map.
 *
 * @param trace the trace's file name
 * @param map the map's name
 * @param cells all cells of the group, in their order, failed ones included
 */
public record Group(String trace, String map, List<CellResult> cells) {
  /** Copies the list. */
  public Group {
    cells = List.copyOf(cells);
  }

  /**
   * {@return the groups of a comparison, in the order of their first cells}
   *
   * @param results all cells
   */
  public static List<Group> of(List<CellResult> results) {
    Map<List<String>, List<CellResult>> groups = new LinkedHashMap<>();
    for (CellResult result : results) {
      List<String> name =
          List.of(result.cell().trace().file().toString(), result.cell().stack().map().name());
      groups.computeIfAbsent(name, key -> new ArrayList<>()).add(result);
    }
    return groups.entrySet().stream()
        .map(entry -> new Group(entry.getKey().get(0), entry.getKey().get(1), entry.getValue()))
        .toList();
  }

  /** {@return the cells that served the whole trace: only these are ranked} */
  public List<CellResult> ranked() {
    return cells.stream().filter(CellResult::good).toList();
  }

  /**
   * {@return for each of {@link #ranked} whether it is on the Pareto front over modelled time, peak
   * footprint and mean fragmentation of the first run}
   *
   * @param costs the prices of the modelled time
   */
  public boolean[] front(CostModel costs) {
    double[][] points =
        ranked().stream()
            .map(cell -> cell.counted().orElseThrow().base())
            .map(run ->
                new double[] {
                  costs.perOperation(run),
                  run.memory().peakFootprintBytes(),
                  run.means().fragmentation()
                })
            .toArray(double[][]::new);
    return Pareto.front(points);
  }

  /**
   * {@return a place for each of {@link #ranked} by a counted figure, over its runs}
   *
   * @param figure of which less is better
   */
  public List<Ranks.Place> rank(ToDoubleFunction<RunFigures> figure) {
    return Ranks.of(
        ranked().stream()
            .map(cell -> cell.counted().orElseThrow().runs().stream().mapToDouble(figure).toArray())
            .toList());
  }

  /**
   * {@return a place for each of {@link #ranked} by wall-clock time; empty if one was not timed}
   */
  public List<Ranks.Place> rankByClock() {
    return ranked().stream().allMatch(cell -> cell.timing().isPresent())
        ? Ranks.of(
            ranked().stream().map(cell -> cell.timing().orElseThrow().nanosPerOperation()).toList())
        : List.of();
  }
}
