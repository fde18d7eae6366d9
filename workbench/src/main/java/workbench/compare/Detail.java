package workbench.compare;

import java.util.List;

/**
 * What the first run of a cell gives beyond figures.
 *
 * @param series levels over time
 * @param shot the heap's memory at the peak, or none if the trace has no peak
 * @param placements a hash of the places of each {@value Placements#CHUNK} births in turn
 */
public record Detail(Series series, List<Shot> shot, List<Long> placements) {}
