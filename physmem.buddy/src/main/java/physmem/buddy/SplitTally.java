package physmem.buddy;

/**
 * How often a block of one zone was split in two, and how often two buddies became one. A block
 * that is split down three orders counts three times. Written under the zone's lock, read by anyone
 * at any time and out of date by then.
 */
final class SplitTally {
  private long splits;
  private long merges;

  void split(long times) {
    splits += times;
  }

  void merge(long times) {
    merges += times;
  }

  long splits() {
    return splits;
  }

  long merges() {
    return merges;
  }
}
