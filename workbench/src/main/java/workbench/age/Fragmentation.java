package workbench.age;

import java.util.ArrayList;
import java.util.List;
import physmem.api.ZoneReport;

/**
 * What the free lists of all zones together say of fragmentation, computed as Linux does.
 *
 * @param free free frames in the lists, without per-CPU stock
 * @param blocks free blocks by order, index 0 first
 */
record Fragmentation(long free, List<Long> blocks) {
  private static final long WHOLE = 1000;

  /** {@return the figures of all zones added up} */
  static Fragmentation of(List<ZoneReport> zones) {
    List<Long> blocks = new ArrayList<>();
    long free = 0;
    for (ZoneReport zone : zones) {
      List<Long> of = zone.freeBlocks();
      for (int order = 0; order < of.size(); order++) {
        if (order == blocks.size()) {
          blocks.add(0L);
        }
        blocks.set(order, blocks.get(order) + of.get(order));
        free += of.get(order) << order;
      }
    }
    return new Fragmentation(free, List.copyOf(blocks));
  }

  /** {@return how many free blocks of an order could be had, larger ones cut up} */
  long suitable(int order) {
    long suitable = 0;
    for (int at = order; at < blocks.size(); at++) {
      suitable += blocks.get(at) << (at - order);
    }
    return suitable;
  }

  /**
   * {@return the share of the free frames that is of no use for an order, 0 to 1000: {@code
   * unusable_index} of Linux' debugfs}
   */
  long unusable(int order) {
    return free == 0 ? WHOLE : (free - (suitable(order) << order)) * WHOLE / free;
  }

  /**
   * {@return why a request of an order would fail: -1000 if it would not, towards 0 for want of
   * memory, towards 1000 because of fragmentation: {@code extfrag_index} of Linux' debugfs}
   */
  long externalIndex(int order) {
    long all = blocks.stream().mapToLong(each -> each).sum();
    if (all == 0) {
      return 0;
    }
    if (suitable(order) > 0) {
      return -WHOLE;
    }
    return WHOLE - (WHOLE + free * WHOLE / (1L << order)) / all;
  }
}
