package workbench.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import trace.TraceReader;

/**
 * The first birth that two cells of one trace placed differently. Places are relative to the
 * trace's first block, so that two heaps that only begin elsewhere are not called different.
 *
 * @param event the event's number from 0
 * @param birth the number of the birth from 0
 * @param id the block's id in the trace
 * @param bytes bytes asked for
 * @param one where the first cell placed it; empty if it had no memory
 * @param other where the other cell placed it
 */
public record Divergence(
    long event, long birth, long id, long bytes, Optional<Long> one, Optional<Long> other) {

  /** A birth as one cell made it. */
  private record Birth(long event, long id, long bytes, long place) {
    Optional<Long> placed() {
      return place == Placements.NOWHERE ? Optional.empty() : Optional.of(place);
    }
  }

  /**
   * Finds where two cells diverge, by replaying both once more up to the first chunk whose hashes
   * differ.
   *
   * @param kernel boots the machines
   * @param one a cell
   * @param other another cell of the same trace
   * @param plan how they were counted
   * @return the first difference; empty if all placements are equal
   * @throws IOException if the trace cannot be read
   */
  public static Optional<Divergence> find(
      Kernel kernel, CellResult one, CellResult other, Plan plan) throws IOException {
    int chunk = firstDifference(hashes(one), hashes(other));
    if (chunk < 0) {
      return Optional.empty();
    }
    List<Birth> left = births(kernel, one.cell(), chunk, plan);
    List<Birth> right = births(kernel, other.cell(), chunk, plan);
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      if (!left.get(i).equals(right.get(i))) {
        Birth at = left.get(i);
        long number = (long) chunk * Placements.CHUNK + i;
        return Optional.of(
            new Divergence(at.event, number, at.id, at.bytes, at.placed(), right.get(i).placed()));
      }
    }
    throw new IllegalStateException("the hashes of chunk " + chunk + " differ and no birth does");
  }

  private static List<Long> hashes(CellResult result) {
    return result.counted().orElseThrow().detail().placements();
  }

  private static int firstDifference(List<Long> one, List<Long> other) {
    for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
      if (!one.get(i).equals(other.get(i))) {
        return i;
      }
    }
    return -1;
  }

  private static List<Birth> births(Kernel kernel, Cell cell, int chunk, Plan plan)
      throws IOException {
    List<Birth> births = new ArrayList<>();
    long from = (long) chunk * Placements.CHUNK;
    try (TraceReader reader = TraceReader.open(cell.trace().file());
        BootedSystem system = kernel.boot(cell.stack())) {
      CountedRun run = new CountedRun(system, cell.trace(), 0, done -> {});
      run.exchange(plan.swaps());
      run.watch((number, event, id, bytes, place) -> {
        if (number >= from) {
          births.add(new Birth(event, id, bytes, place));
        }
        return number + 1 < from + Placements.CHUNK;
      });
      run.run(reader, 0);
    }
    return births;
  }
}
