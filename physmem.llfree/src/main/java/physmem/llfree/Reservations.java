package physmem.llfree;

import static physmem.llfree.Layout.WORD_FRAMES;

/**
 * The trees that CPUs have reserved: per zone and CPU one for small blocks and one for blocks of a
 * child or two, each in cache lines of its own with the counters that belong to it. Safe for use by
 * several threads.
 */
final class Reservations {
  /** Reservations of a CPU in a zone. */
  static final int KINDS = 2;

  private static final int LINE = 128; // two cache lines: x86 fetches them in pairs
  private static final int LAST = 8;
  private static final int ALLOCATIONS = 16;
  private static final int FREES = 24;
  private static final int FREE_BITS = 20; // a tree of 64 children has 2^15 frames
  private static final long FREE_MASK = (1L << FREE_BITS) - 1;

  private final Cells cells;
  private final long base;
  private final int cpus;
  private final int zones;
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
    this.zones = map.zones().size();
    this.treeWords = map.treeFrames() / WORD_FRAMES;
  }

  static long bytes(RamMap map, int cpus) {
    return (long) map.zones().size() * cpus * KINDS * LINE;
  }

  int cpus() {
    return cpus;
  }

  int zones() {
    return zones;
  }

  /** {@return the address of a reservation: 0 for small blocks, 1 for huge ones} */
  long line(int zone, int cpu, int kind) {
    return base + (((long) zone * cpus + cpu) * KINDS + kind) * LINE;
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
    return (word + 1) << FREE_BITS | free;
  }

  boolean swap(long line, long expected, long value) {
    return cells.swapLong(line, expected, value);
  }

  /** Puts a new reservation in place; {@return the old one} */
  long exchange(long line, int tree, int free) {
    return cells.exchangeLong(line, pack((long) tree * treeWords, free));
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

  /** Begins the next search at a slot's word, unless somebody was faster. */
  void remember(long line, long before, long slot) {
    long word = slot / WORD_FRAMES;
    if (word(before) != word) {
      cells.swapLong(line, before, pack(word, free(before)));
    }
  }

  /** {@return the tree that was reserved or used last, or -1} */
  int last(long line) {
    return (int) cells.opaqueLong(line + LAST) - 1;
  }

  void remember(long line, int tree) {
    cells.opaqueLong(line + LAST, tree + 1L);
  }

  void countAllocations(long line, int count) {
    cells.add(line + ALLOCATIONS, count);
  }

  void countFrees(long line, int count) {
    cells.add(line + FREES, count);
  }

  long allocations() {
    return sum(ALLOCATIONS);
  }

  long frees() {
    return sum(FREES);
  }

  private long sum(int offset) {
    long sum = 0;
    for (long i = 0; i < (long) zones * cpus * KINDS; i++) {
      sum += cells.opaqueLong(base + i * LINE + offset);
    }
    return sum;
  }

  /** {@return the frames that a CPU has reserved in a zone} */
  long reserved(int zone, int cpu) {
    return free(at(line(zone, cpu, 0))) + (long) free(at(line(zone, cpu, 1)));
  }

  /** {@return the frames reserved by all} */
  long reserved() {
    long sum = 0;
    for (int zone = 0; zone < zones; zone++) {
      for (int cpu = 0; cpu < cpus; cpu++) {
        sum += reserved(zone, cpu);
      }
    }
    return sum;
  }
}
