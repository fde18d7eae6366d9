package allocator.arena;

/**
 * The live segments of one arena by their first address: a hash table with chains through the tags'
 * links of kin.
 *
 * <p>The table doubles when there are more segments than buckets and halves when there are eight
 * times fewer. It does so without a pause: while a new table is being filled, each insertion and
 * removal moves the chains of a few buckets, and a bucket's number says in which table it is.
 *
 * <p>Guarded by the arena's lock, except {@link #peek}.
 */
final class LiveTable {
  private static final int MOVED_GROWING = 4; // done long before the next doubling is due
  private static final int MOVED_SHRINKING =
      16; // of mostly empty buckets; done at the next halving
  private static final int SPARSE = 8; // halve below one segment in so many buckets
  private static final int LARGEST_SHIFT = 28; // 2^28 buckets are 1 GiB
  private static final int PEEK_LIMIT = 32; // steps along a chain that may change under the reader
  private static final long GOLDEN = 0x9E3779B97F4A7C15L; // 2^64 / golden ratio: spreads high bits

  private final Tags tags;
  private final int quantumShift;
  private final int startShift;
  private Table table;
  private Table former; // the one being emptied; the same as table if none is
  private int moved; // buckets of the former table that are empty for good
  private long count;
  private long lookups;

  /**
   * Makes an empty table.
   *
   * @param tags where the segments are
   * @param quantum the arena's quantum
   * @param buckets how many buckets to begin with and never to go below, a power of two, 16 to 2^28
   */
  LiveTable(Tags tags, long quantum, int buckets) {
    this.tags = tags;
    this.quantumShift = Long.numberOfTrailingZeros(quantum);
    this.startShift = Integer.numberOfTrailingZeros(buckets);
    this.table = new Table(startShift);
    this.former = table;
  }

  /** Makes the table, which is empty, large enough for so many segments at once. */
  void expect(int segments) {
    int enough = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(0, segments - 1));
    rescale(Math.min(LARGEST_SHIFT, Math.max(startShift, enough)));
    former = table;
  }

  /** Adds a segment. */
  void insert(int tag) {
    long base = tags.start(tag);
    Table home = home(base);
    int bucket = home.bucket(base >>> quantumShift);
    tags.setKin(tag, Tags.NONE, home.heads[bucket]);
    home.heads[bucket] = tag;
    count++;
    step();
  }

  /** {@return the segment that begins at an address, or nobody} */
  int find(long base) {
    Table home = home(base);
    int tag = home.heads[home.bucket(base >>> quantumShift)];
    while (tag != Tags.NONE && tags.start(tag) != base) {
      lookups++;
      tag = tags.kinNext(tag);
    }
    return tag;
  }

  /** Removes a segment that {@link #find} has found. */
  void remove(int tag) {
    long base = tags.start(tag);
    Table home = home(base);
    int bucket = home.bucket(base >>> quantumShift);
    int after = tags.kinNext(tag);
    if (home.heads[bucket] == tag) {
      home.heads[bucket] = after;
    } else {
      tags.setKinNext(before(home.heads[bucket], tag), after);
    }
    count--;
    step();
  }

  private int before(int head, int tag) {
    int before = head;
    for (int next = tags.kinNext(before); next != tag; next = tags.kinNext(before)) {
      before = next;
    }
    return before;
  }

  /**
   * Looks for the segment that begins at an address without any lock.
   *
   * @return a tag that seemed to be it, to be verified by a compare-and-set, or nobody, which
   *     proves nothing
   */
  int peek(long base) {
    Table seen = table;
    int tag = seen.heads[seen.bucket(base >>> quantumShift)];
    for (int steps = 0; tag != Tags.NONE && steps < PEEK_LIMIT; steps++) {
      if (tags.peekStart(tag) == base) {
        return tag;
      }
      tag = tags.peekKinNext(tag);
    }
    return Tags.NONE;
  }

  private Table home(long base) {
    if (former != table && former.bucket(base >>> quantumShift) >= moved) {
      return former;
    }
    return table;
  }

  private void step() {
    if (former != table) {
      move();
    } else if (count > table.heads.length && table.shift < LARGEST_SHIFT) {
      rescale(table.shift + 1);
    } else if (count < table.heads.length / SPARSE && table.shift > startShift) {
      rescale(table.shift - 1);
    }
  }

  private void rescale(int shift) {
    try {
      table = new Table(shift);
      moved = 0;
    } catch (OutOfMemoryError e) {
      lookups++; // longer chains are the price, and this is the figure in which they show
    }
  }

  private void move() {
    int pace = former.shift < table.shift ? MOVED_GROWING : MOVED_SHRINKING;
    int end = Math.min(moved + pace, former.heads.length);
    while (moved < end) {
      int tag = former.heads[moved];
      former.heads[moved++] = Tags.NONE;
      while (tag != Tags.NONE) {
        int next = tags.kinNext(tag);
        int bucket = table.bucket(tags.start(tag) >>> quantumShift);
        tags.setKin(tag, Tags.NONE, table.heads[bucket]);
        table.heads[bucket] = tag;
        tag = next;
      }
    }
    if (moved == former.heads.length) {
      former = table;
    }
  }

  /** {@return the number of segments in the table} */
  long count() {
    return count;
  }

  /** {@return the number of segments passed over in chains so far} */
  long lookups() {
    return lookups;
  }

  /** {@return the number of buckets of the table that is current or being filled} */
  int buckets() {
    return table.heads.length;
  }

  /** {@return bytes of memory in buckets} */
  long bytes() {
    long rest = former == table ? 0 : former.heads.length;
    return (table.heads.length + rest) * Integer.BYTES;
  }

  /** {@return the number of segments in all chains, by going along them; slow} */
  long recount() {
    return chained(table) + (former == table ? 0 : chained(former));
  }

  private long chained(Table counted) {
    long sum = 0;
    for (int head : counted.heads) {
      for (int tag = head; tag != Tags.NONE; tag = tags.kinNext(tag)) {
        sum++;
      }
    }
    return sum;
  }

  /** One array of chain heads; what depends on its size is fixed with it. */
  private static final class Table {
    final int shift;
    final int[] heads;

    Table(int shift) {
      this.shift = shift;
      this.heads = new int[1 << shift];
    }

    /**
     * {@return the bucket of a quantum's number} Neighbours share cache lines, since the low bits
     * count as they are; the high bits move whole stretches about, so that no stride collides.
     */
    int bucket(long number) {
      return (int) (number + (((number >>> shift) * GOLDEN) >>> (Long.SIZE - shift)))
          & (heads.length - 1);
    }
  }
}
