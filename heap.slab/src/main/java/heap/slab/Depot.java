package heap.slab;

import java.util.Arrays;

/**
 * Where the CPUs of one cache exchange magazines: a stack of full ones and one of empty ones.
 *
 * <p>Time is counted in exchanges. In each interval the least number of full and of empty magazines
 * is noted: so many were not needed, and are the excess over the working set. And if the lock was
 * found taken often, magazines get larger, so that CPUs come more rarely; those of the old size
 * leave when they come back empty. Safe for use by several threads.
 */
final class Depot {
  /** The length of an interval: what it may hoard is some 250 KiB of objects of 64 bytes. */
  static final int INTERVAL = 256;

  /** How often the lock may be found taken in an interval before magazines grow. */
  static final int CONTENTION = 3;

  private final SlabLock lock = new SlabLock();
  private final int stride;
  private final int most;
  private long[][] full = new long[4][];
  private long[][] empty = new long[4][];
  private int fulls;
  private int empties;
  private int leastFulls;
  private int leastEmpties;
  private int type;
  private long exchanges;
  private long contentions;
  private long contentionsBefore; // at the end of the last interval
  private long resizes;

  /**
   * Begins empty.
   *
   * @param stride distance of two objects in bytes
   * @param wanted rounds to begin with, or 0
   * @param most the most rounds
   */
  Depot(int stride, int wanted, int most) {
    this.stride = stride;
    this.most = most;
    this.type = MagazineTypes.first(stride, wanted, most);
  }

  private void enter() {
    if (!lock.tryEnter()) {
      lock.enter();
      contentions++;
    }
  }

  /** Takes an empty magazine in, or none, and gives a full one out, or none and takes nothing. */
  long[] exchangeEmpty(long[] given) {
    enter();
    try {
      exchanges++;
      if (fulls == 0) {
        leastFulls = 0;
        return CpuMagazines.NONE;
      }
      keepEmpty(given);
      leastFulls = Math.min(leastFulls, fulls - 1);
      return full[--fulls];
    } finally {
      lock.leave();
    }
  }

  /** Takes a full magazine in, or none, and gives an empty one out, or none. */
  long[] exchangeFull(long[] given) {
    enter();
    try {
      exchanges++;
      keepFull(given);
      long[] taken = empties == 0 ? CpuMagazines.NONE : empty[--empties];
      leastEmpties = Math.min(leastEmpties, empties);
      return taken.length == rounds() ? taken : CpuMagazines.NONE;
    } finally {
      lock.leave();
    }
  }

  private void keepFull(long[] magazine) {
    if (magazine.length != 0) {
      full = fulls == full.length ? Arrays.copyOf(full, 2 * fulls) : full;
      full[fulls++] = magazine;
    }
  }

  private void keepEmpty(long[] magazine) {
    if (magazine.length == rounds()) {
      empty = empties == empty.length ? Arrays.copyOf(empty, 2 * empties) : empty;
      empty[empties++] = magazine;
    }
  }

  /** {@return how many rounds a new magazine is to have} */
  int rounds() {
    return MagazineTypes.rounds(type);
  }

  /** {@return whether an interval is over} */
  boolean due() {
    return exchanges >= INTERVAL;
  }

  /**
   * Ends the interval: empty magazines beyond the working set are dropped, and magazines grow if
   * there was contention.
   *
   * @return the number of full magazines beyond the working set, for the caller to take
   */
  int endInterval() {
    lock.enter();
    try {
      int excess = leastFulls;
      dropEmpties(leastEmpties);
      grow();
      exchanges = 0;
      leastFulls = fulls - excess;
      leastEmpties = empties;
      return excess;
    } finally {
      lock.leave();
    }
  }

  private void dropEmpties(int count) {
    Arrays.fill(empty, empties - count, empties, CpuMagazines.NONE);
    empties -= count;
  }

  private void grow() {
    boolean contended = contentions - contentionsBefore > CONTENTION;
    contentionsBefore = contentions;
    if (contended && MagazineTypes.grows(type, stride, most)) {
      type++;
      resizes++;
      dropEmpties(empties);
      leastEmpties = 0;
    }
  }

  /** Takes a full magazine, or none, to send its objects home. */
  long[] takeFull() {
    lock.enter();
    try {
      long[] taken = fulls == 0 ? CpuMagazines.NONE : full[--fulls];
      leastFulls = Math.min(leastFulls, fulls);
      return taken;
    } finally {
      lock.leave();
    }
  }

  /** Drops every empty magazine. */
  void dropEmpties() {
    lock.enter();
    try {
      dropEmpties(empties);
      leastEmpties = 0;
    } finally {
      lock.leave();
    }
  }

  int fulls() {
    return fulls;
  }

  int empties() {
    return empties;
  }

  long contentions() {
    return contentions;
  }

  long resizes() {
    return resizes;
  }

  long[] full(int index) {
    return full[index];
  }
}
