package vmem.bump;

/**
 * A small hash table of fixed size: a part of {@link LiveRanges}. Open addressing in one primitive
 * array of pairs, base and size; size 0 is a vacant slot. A removal closes the gap that it makes,
 * so what was removed leaves no trace.
 */
final class Leaf {
  /** Slots: 4 KiB a leaf, and a split moves few enough entries to go unnoticed. */
  static final int SLOTS = 256;

  /** Entries that a leaf may hold: at three quarters, a search passes few slots. */
  static final int FULL = SLOTS / 4 * 3;

  private static final int MASK = SLOTS - 1;
  private static final long MIX_BASE = 0x9E3779B97F4A7C15L; // 2^64 / golden ratio: spreads low bits
  private static final long MIX_HIGH = 0xD6E8FEB86659FD93L; // odd, bits well scattered

  private final int quantumShift;
  private final long[] pairs = new long[2 * SLOTS];
  private int depth;
  private int count;

  /**
   * Makes an empty leaf.
   *
   * @param depth how many leading bits the hashes of its entries have in common
   * @param quantumShift logarithm of the quantum: bits of a base that tell nothing
   */
  Leaf(int depth, int quantumShift) {
    this.depth = depth;
    this.quantumShift = quantumShift;
  }

  /** {@return the hash of a base: leading bits choose the leaf, the last ones the slot} */
  static long hash(long base, int quantumShift) {
    long mixed = (base >>> quantumShift) * MIX_BASE;
    mixed = (mixed ^ (mixed >>> 32)) * MIX_HIGH;
    return mixed ^ (mixed >>> 32);
  }

  /** {@return the size of the range at a base, 0 if there is none} */
  long size(long base, long hash) {
    return pairs[2 * slot(base, hash) + 1];
  }

  private int slot(long base, long hash) {
    int slot = (int) hash & MASK;
    while (pairs[2 * slot + 1] != 0 && pairs[2 * slot] != base) {
      slot = (slot + 1) & MASK;
    }
    return slot;
  }

  /** Adds a range whose base is not there, to a leaf that is not full. */
  void add(long base, long size, long hash) {
    int slot = slot(base, hash);
    pairs[2 * slot] = base;
    pairs[2 * slot + 1] = size;
    count++;
  }

  /** Removes the range at a base that is there. */
  void remove(long base, long hash) {
    int gap = slot(base, hash);
    count--;
    for (int slot = (gap + 1) & MASK; pairs[2 * slot + 1] != 0; slot = (slot + 1) & MASK) {
      int home = (int) hash(pairs[2 * slot], quantumShift) & MASK;
      if (((slot - home) & MASK) >= ((slot - gap) & MASK)) { // its search passes the gap
        pairs[2 * gap] = pairs[2 * slot];
        pairs[2 * gap + 1] = pairs[2 * slot + 1];
        gap = slot;
      }
    }
    pairs[2 * gap + 1] = 0;
  }

  /** Adds every entry to one of two leaves that are one bit deeper. */
  void deal(Leaf zeros, Leaf ones) {
    long bit = Long.MIN_VALUE >>> depth;
    for (int at = 0; at < pairs.length; at += 2) {
      if (pairs[at + 1] != 0) {
        long hash = hash(pairs[at], quantumShift);
        ((hash & bit) == 0 ? zeros : ones).add(pairs[at], pairs[at + 1], hash);
      }
    }
  }

  /** Takes over the entries of the leaf that differs in the last bit, and is one bit less deep. */
  void absorb(Leaf other) {
    depth--;
    for (int at = 0; at < pairs.length; at += 2) {
      if (other.pairs[at + 1] != 0) {
        add(other.pairs[at], other.pairs[at + 1], hash(other.pairs[at], quantumShift));
      }
    }
  }

  /** Adds every range to a list. */
  void list(Ranges to) {
    for (int at = 0; at < pairs.length; at += 2) {
      if (pairs[at + 1] != 0) {
        to.add(pairs[at], pairs[at + 1]);
      }
    }
  }

  /** {@return how many leading bits the hashes of all entries have in common} */
  int depth() {
    return depth;
  }

  /** {@return the number of entries} */
  int count() {
    return count;
  }

  /** {@return the number of slots taken, counted anew} */
  long recount() {
    Ranges all = new Ranges(SLOTS);
    list(all);
    return all.count();
  }
}
