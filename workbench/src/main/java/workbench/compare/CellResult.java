package workbench.compare;

import java.util.List;
import java.util.Optional;

/**
 * What came of one cell.
 *
 * @param cell the combination
 * @param counted what was counted, unless that failed
 * @param timing wall-clock figures, if they were taken
 * @param failure why the cell failed, or empty if it did not
 */
public record CellResult(
    Cell cell, Optional<Counted> counted, Optional<Timing> timing, Optional<String> failure) {
  /**
   * What was counted.
   *
   * @param physmem the provider of frames that served
   * @param vmem the provider of addresses
   * @param heap the provider of blocks
   * @param runs a run per seed; the first on an unperturbed machine
   * @param detail what the first run gave beyond figures
   */
  public record Counted(
      String physmem, String vmem, String heap, List<RunFigures> runs, Detail detail) {
    /** {@return the run on the unperturbed machine} */
    public RunFigures base() {
      return runs.getFirst();
    }

    /** {@return the three names, apart by slashes} */
    public String stack() {
      return physmem + "/" + vmem + "/" + heap;
    }
  }

  /** {@return whether every block that the trace asks for was had, and nothing went wrong} */
  public boolean good() {
    return failure.isEmpty() && counted.isPresent() && failures() == 0;
  }

  /** {@return births without memory in the first run} */
  public long failures() {
    return counted.map(figures -> Count.FAILURE.of(figures.base().counts())).orElse(0L);
  }

  /** {@return stack and varied settings, as tables and legends call the cell within its group} */
  public String label() {
    String stack =
        counted.map(Counted::stack).orElseGet(() -> cell.stack().providers().values().toString());
    return cell.varied().isEmpty() ? stack : stack + " " + String.join(" ", cell.varied());
  }
}
