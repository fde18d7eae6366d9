package kernel.backing;

import java.util.Arrays;

/**
 * The clusters that a flush may set free, with the range of pages that the flush has to cover. Not
 * safe for use by several threads.
 */
final class WaitingList {
  private static final int INITIAL = 16;

  private long[] clusters = new long[INITIAL];
  private int count;
  private long lowest;
  private long highest;

  /** Adds a cluster that is not on the list. */
  void add(long cluster) {
    lowest = count == 0 ? cluster : Math.min(lowest, cluster);
    highest = count == 0 ? cluster : Math.max(highest, cluster);
    if (count == clusters.length) {
      clusters = Arrays.copyOf(clusters, 2 * count);
    }
    clusters[count++] = cluster;
  }

  /** {@return the clusters in the order in which they came; the list is empty afterwards} */
  long[] takeAll() {
    long[] all = Arrays.copyOf(clusters, count);
    count = 0;
    return all;
  }

  /** {@return whether no cluster waits} */
  boolean isEmpty() {
    return count == 0;
  }

  /** {@return the lowest cluster on the list, which is not empty} */
  long lowest() {
    return lowest;
  }

  /** {@return the number of clusters from the lowest to the highest} */
  long span() {
    return highest - lowest + 1;
  }
}
