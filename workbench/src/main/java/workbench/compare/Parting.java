package workbench.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kernel.api.Kernel;

/**
 * A cell beside the first one of its group.
 *
 * @param one the first cell
 * @param other the other
 * @param at the first birth that they place differently; empty if they place every block alike
 */
public record Parting(CellResult one, CellResult other, Optional<Divergence> at) {
  /**
   * {@return where the cells of a group part from its first one}
   *
   * @param group the group; cells without counted figures are passed over
   * @param kernel boots the machines to look again
   * @param plan how the cells were counted
   * @throws IOException if the trace cannot be read
   */
  public static List<Parting> of(Group group, Kernel kernel, Plan plan) throws IOException {
    List<CellResult> cells =
        group.cells().stream().filter(cell -> cell.counted().isPresent()).toList();
    List<Parting> partings = new ArrayList<>();
    for (int i = 1; i < cells.size(); i++) {
      CellResult one = cells.getFirst();
      partings.add(
          new Parting(one, cells.get(i), Divergence.find(kernel, one, cells.get(i), plan)));
    }
    return partings;
  }
}
