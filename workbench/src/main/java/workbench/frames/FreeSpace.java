package workbench.frames;

import java.util.ArrayList;
import java.util.List;
import physmem.api.ZoneReport;

/**
 * How the free frames of a machine hang together.
 *
 * @param blocks number of free blocks by order, all zones together, index 0 first
 * @param cached free frames in per-CPU lists, which are in no block
 */
public record FreeSpace(List<Long> blocks, long cached) {
  /** Copies the counts. */
  public FreeSpace {
    blocks = List.copyOf(blocks);
  }

  /**
   * {@return the free space of zones}
   *
   * @param zones their reports
   */
  public static FreeSpace of(List<ZoneReport> zones) {
    List<Long> sums = new ArrayList<>();
    long cached = 0;
    for (ZoneReport zone : zones) {
      cached += zone.cached();
      List<Long> counts = zone.freeBlocks();
      for (int order = 0; order < counts.size(); order++) {
        if (order == sums.size()) {
          sums.add(0L);
        }
        sums.set(order, sums.get(order) + counts.get(order));
      }
    }
    return new FreeSpace(sums, cached);
  }

  /** {@return free frames, those in per-CPU lists included} */
  public long frames() {
    return cached + framesFrom(0);
  }

  /** {@return the largest order of which a block is free, or -1 if none is} */
  public int largestOrder() {
    int order = blocks.size() - 1;
    while (order >= 0 && blocks.get(order) == 0) {
      order--;
    }
    return order;
  }

  /**
   * {@return the unusable free space index: the share of the free frames, 0 to 1, that are in no
   * free block of this order or a larger one; 0 if nothing is free. After M. Gorman and A.
   * Whitcroft, "The What, The Why and the Where To of Anti-Fragmentation", Ottawa Linux Symposium
   * 2006}
   *
   * @param order an order, at least 0; above the largest of the list it is 1 unless nothing is free
   */
  public double unusable(int order) {
    long free = frames();
    return free == 0 ? 0 : (double) (free - framesFrom(order)) / free;
  }

  private long framesFrom(int first) {
    long frames = 0;
    for (int order = first; order < blocks.size(); order++) {
      frames += blocks.get(order) << order;
    }
    return frames;
  }
}
