package vmem.bump;

import java.util.Arrays;

/**
 * The live ranges of one arena by their base: an extendible hash table (Fagin and others 1979).
 *
 * <p>Entries are in leaves of fixed size; a directory indexed by leading bits of the hash says in
 * which. A full leaf splits in two, and two that are nearly empty join, so no operation ever moves
 * more than a leaf's entries or clears more than a leaf's memory, however many ranges are live. The
 * directory doubles when a leaf gets deeper than it; it has one reference for about a hundred
 * ranges.
 *
 * <p>Guarded by the arena's lock.
 */
final class LiveRanges {
  /** The answer for a base that is not live; no range is empty. */
  static final long ABSENT = 0;

  private static final int JOINED =
      Leaf.FULL / 2; // half full: as far from splitting as from vacant
  private static final int LOOK = 16; // removals from a leaf between two looks at its neighbour
  private static final int PRESIZED = Leaf.FULL / 3 * 2; // mean fill at which few leaves overflow

  private final int quantumShift;
  private Leaf[] directory;
  private int depth; // logarithm of the length of the directory
  private int leaves;
  private long count;
  private long bytes;

  /**
   * Makes an empty table.
   *
   * @param quantum the arena's quantum, a power of two
   * @param expected how many ranges to make room for
   */
  LiveRanges(long quantum, long expected) {
    this.quantumShift = Long.numberOfTrailingZeros(quantum);
    while ((long) PRESIZED << depth < expected) {
      depth++;
    }
    this.leaves = 1 << depth;
    this.directory = new Leaf[leaves];
    Arrays.setAll(directory, each -> new Leaf(depth, quantumShift));
  }

  private long hash(long base) {
    return Leaf.hash(base, quantumShift);
  }

  private int index(long hash) {
    return (int) (hash >>> 1 >>> (Long.SIZE - 1 - depth)); // in two steps, for a depth of 0
  }

  /** {@return the size of the live range at a base, or {@link #ABSENT}} */
  long size(long base) {
    long hash = hash(base);
    return directory[index(hash)].size(base, hash);
  }

  /** Adds a range whose base is not live. Happens entirely or, without memory, not at all. */
  void add(long base, long size) {
    long hash = hash(base);
    while (directory[index(hash)].count() == Leaf.FULL) {
      split(index(hash));
    }
    directory[index(hash)].add(base, size, hash);
    count++;
    bytes += size;
  }

  private void split(int index) {
    Leaf full = directory[index];
    if (full.depth() == depth) {
      extend();
      split(2 * index);
      return;
    }
    Leaf zeros = new Leaf(full.depth() + 1, quantumShift);
    Leaf ones = new Leaf(full.depth() + 1, quantumShift);
    full.deal(zeros, ones);
    int from = first(index, full.depth());
    int middle = from + (width(full.depth()) >>> 1);
    Arrays.fill(directory, from, middle, zeros);
    Arrays.fill(directory, middle, from + width(full.depth()), ones);
    leaves++;
  }

  private void extend() {
    Leaf[] longer = new Leaf[2 * directory.length];
    for (int i = 0; i < longer.length; i++) {
      longer[i] = directory[i >>> 1];
    }
    directory = longer;
    depth++;
  }

  /** {@return how many references there are to a leaf of a depth} */
  private int width(int leafDepth) {
    return 1 << (depth - leafDepth);
  }

  /** {@return the index of the first reference to the leaf of a given depth at an index} */
  private int first(int index, int leafDepth) {
    return index & -width(leafDepth);
  }

  /** Removes the live range at a base. */
  void remove(long base) {
    long hash = hash(base);
    int index = index(hash);
    Leaf leaf = directory[index];
    bytes -= leaf.size(base, hash);
    leaf.remove(base, hash);
    count--;
    if (leaf.count() % LOOK == 0) {
      joinUpward(index, leaf);
    }
  }

  private void joinUpward(int index, Leaf leaf) {
    boolean isJoined = true;
    while (isJoined && leaf.depth() > 0) {
      isJoined = join(index, leaf);
    }
  }

  /** Joins a leaf with the one that differs in the last common bit, if both would fill half one. */
  private boolean join(int index, Leaf leaf) {
    Leaf other = directory[first(index, leaf.depth()) ^ width(leaf.depth())];
    if (other.depth() != leaf.depth() || leaf.count() + other.count() > JOINED) {
      return false;
    }
    leaf.absorb(other);
    int from = first(index, leaf.depth());
    Arrays.fill(directory, from, from + width(leaf.depth()), leaf);
    leaves--;
    return true;
  }

  /** {@return the live ranges in rising order, as a list that stays as it is} */
  Ranges sorted() {
    Ranges all = listed();
    all.sort();
    return all;
  }

  /** {@return the live ranges in no particular order, as a list that stays as it is} */
  Ranges listed() {
    Ranges all = new Ranges(Math.toIntExact(count));
    for (int i = 0; i < directory.length; i += width(directory[i].depth())) {
      directory[i].list(all);
    }
    return all;
  }

  /** {@return the number of live ranges} */
  long count() {
    return count;
  }

  /** {@return bytes in live ranges} */
  long bytes() {
    return bytes;
  }

  /** {@return how many leading bits of a hash index the directory} */
  int depth() {
    return depth;
  }

  /** {@return the leaf at an index of the directory} */
  Leaf leaf(int index) {
    return directory[index];
  }

  /** {@return whether a base is looked for in a leaf} */
  boolean isHome(long base, Leaf leaf) {
    return directory[index(hash(base))] == leaf;
  }

  /** {@return the number of leaves} */
  int leaves() {
    return leaves;
  }

  /** {@return bytes of memory in the table} */
  long tableBytes() {
    return (long) leaves * Leaf.SLOTS * 2 * Long.BYTES + (long) directory.length * Integer.BYTES;
  }
}
