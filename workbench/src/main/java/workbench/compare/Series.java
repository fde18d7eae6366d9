package workbench.compare;

import java.util.ArrayList;
import java.util.List;

/**
 * Levels over time, where time is the number of the event: one element of each list per sample.
 *
 * @param event events done
 * @param live bytes asked for by live blocks
 * @param usable bytes that they occupy
 * @param footprint bytes that the heap holds from below
 * @param frames page frames in use
 * @param tables those of them that hold page tables
 * @param swaps exchanges of providers so far
 */
public record Series(
    List<Long> event,
    List<Long> live,
    List<Long> usable,
    List<Long> footprint,
    List<Long> frames,
    List<Long> tables,
    List<Long> swaps) {

  /** {@return a series without samples, to be filled by {@link #add}} */
  static Series empty() {
    return new Series(
        new ArrayList<>(),
        new ArrayList<>(),
        new ArrayList<>(),
        new ArrayList<>(),
        new ArrayList<>(),
        new ArrayList<>(),
        new ArrayList<>());
  }

  /** Adds a sample: the seven figures in the order of the components. */
  void add(long... sample) {
    List<List<Long>> columns = List.of(event, live, usable, footprint, frames, tables, swaps);
    for (int i = 0; i < columns.size(); i++) {
      columns.get(i).add(sample[i]);
    }
  }

  /** {@return the number of samples} */
  public int size() {
    return event.size();
  }

  /** {@return the events after which a sample saw that a provider had been exchanged} */
  public List<Long> swapEvents() {
    List<Long> seen = new ArrayList<>();
    long before = 0;
    for (int i = 0; i < size(); i++) {
      if (swaps.get(i) > before) {
        seen.add(event.get(i));
      }
      before = swaps.get(i);
    }
    return seen;
  }
}
