package physmem.llfree;

import static physmem.llfree.Layout.WORD_FRAMES;

/**
 * The trees that CPUs have reserved, one per zone and CPU, each in cache lines of its own with what
 * belongs to it. In a zone with fewer trees than there are CPUs several CPUs share one. Safe for
 * use by several threads.
 */
final class Reservations {
  private static final int LINE = 128; // two cache lines: x86 fetches them in pairs
  private static final int LAST = 8;
  private static final int ALLOCATIONS = 16;
  private static final int FREES = 24;
  private static final int LAST_FREES = 32;
  private static final int FREE_BITS = 20; // a tree of 64 children has 2^15 frames
  private static final long FREE_MASK = (1L << FREE_BITS) - 1;
  private static final int ROW_WORDS = 2; // the search begins at 64 frames, as in the original
  private static final int FREES_IN_TREE = 4; // after so many frees into one tree it is reserved
  private static final int COUNT_BITS = 16;
  private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

  private final Cells cells;
  private final long base;
  private final int cpus;
  private final int[] parts; // reservations by zone
  private final int treeWords;

  /**
   * Makes the view.
   *
   * @param cells access to the metadata
   * @param base address of the first line
   * @param map zones and size of trees
   * @param cpus number of CPUs
   */
  Reservations(Cells cells, long base, RamMap map, int cpus) {
    this.cells = cells;
    this.base = base;
    this.cpus = cpus;
    this.parts = map.zones().stream().mapToInt(zone -> Math.clamp(zone.trees(), 1, cpus)).toArray();
    this.treeWords = map.treeFrames() / WORD_FRAMES;
  }

  static long bytes(RamMap map, int cpus) {
    return (long) map.zones().size() * cpus * LINE;
  }

  int cpus() {
    return cpus;
  }

  int zones() {
    return parts.length;
  }

  /** {@return how many reservations the CPUs share in a zone} */
  int parts(int zone) {
    return parts[zone];
  }

  /** {@return the address of the reservation that a CPU uses} */
  long line(int zone, int cpu) {
    return own(zone, cpu % parts[zone]);
  }

  private long own(int zone, int cpu) {
    return base + ((long) zone * cpus + cpu) * LINE;
  }

  long at(long line) {
    return cells.acquireLong(line);
  }

  static int free(long value) {
    return (int) (value & FREE_MASK);
  }

  static boolean exists(long value) {
    return value >>> FREE_BITS != 0;
  }

  /** {@return the index of the word where the search begins} */
  static long word(long value) {
    return (value >>> FREE_BITS) - 1;
  }

  int tree(long value) {
    return (int) (word(value) / treeWords);
  }

  private static long pack(long word, int free) {
    return ((word & -ROW_WORDS) + 1) << FREE_BITS | free;
  }

  boolean swap(long line, long expected, long value) {
    return cells.swapLong(line, expected, value);
  }

  /** Puts a new reservation in place; {@return the old one} */
  long exchange(long line, long word, int free) {
    return cells.exchangeLong(line, pack(word, free));
  }

  /** Ends a reservation; {@return the old one} */
  long end(long line) {
    return cells.exchangeLong(line, 0);
  }

  /** {@return whether the tree is reserved here and the frames were added} */
  boolean give(long line, int tree, int count) {
    while (true) {
      long now = cells.acquireLong(line);
      if (!exists(now) || tree(now) != tree) {
        return false;
      }
      if (swap(line, now, now + count)) {
        return true;
      }
    }
  }

  /** Begins the next search at a slot's row, unless somebody was faster. */
  void remember(long line, long before, long slot) {
    long next = pack(slot / WORD_FRAMES, free(before));
    if (next != before) {
      cells.swapLong(line, before, next);
    }
  }

  /** Notes the tree of a free, for {@link #hasFreedInto}. */
  void noteFree(long line, int tree) {
    long now = cells.opaqueLong(line + LAST_FREES);
    long count = now >>> COUNT_BITS == tree ? (now & COUNT_MASK) + 1 : 1;
    if (count <= FREES_IN_TREE) {
      cells.opaqueLong(line + LAST_FREES, (long) tree << COUNT_BITS | count);
    }
  }

  /** {@return whether the last frees by way of this reservation were into a tree} */
  boolean hasFreedInto(long line, int tree) {
    long now = cells.opaqueLong(line + LAST_FREES);
    return now >>> COUNT_BITS == tree && (now & COUNT_MASK) >= FREES_IN_TREE;
  }

  /** {@return the tree that a CPU without reservations used last, or -1} */
  int last(int zone, int cpu) {
    return (int) cells.opaqueLong(own(zone, cpu) + LAST) - 1;
  }

  void remember(int zone, int cpu, int tree) {
    cells.opaqueLong(own(zone, cpu) + LAST, tree + 1L);
  }

  void countAllocations(int zone, int cpu, int count) {
    cells.add(own(zone, cpu) + ALLOCATIONS, count);
  }

  void countFrees(int zone, int cpu, int count) {
    cells.add(own(zone, cpu) + FREES, count);
  }

  long allocations() {
    return sum(ALLOCATIONS);
  }

  long frees() {
    return sum(FREES);
  }

  private long sum(int offset) {
    long sum = 0;
    for (long i = 0; i < (long) parts.length * cpus; i++) {
      sum += cells.opaqueLong(base + i * LINE + offset);
    }
    return sum;
  }

  /** {@return the frames that a CPU has reserved in a zone; what is shared is the first ones'} */
  long reserved(int zone, int cpu) {
    return cpu < parts[zone] ? free(at(own(zone, cpu))) : 0;
  }

  /** {@return the frames reserved by all} */
  long reserved() {
    long sum = 0;
    for (int zone = 0; zone < parts.length; zone++) {
      for (int cpu = 0; cpu < parts[zone]; cpu++) {
        sum += reserved(zone, cpu);
      }
    }
    return sum;
  }
}
