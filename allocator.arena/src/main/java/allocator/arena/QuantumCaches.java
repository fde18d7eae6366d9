package allocator.arena;

import java.util.Objects;

/**
 * The quantum caches of one arena: per CPU and per small multiple of the quantum a magazine of free
 * ranges that the arena still counts as allocated, so that most requests take no lock.
 *
 * <p>A range enters a magazine when it is freed. That it is live and has the stated size is checked
 * without the lock: its tag is looked up in the table of live segments as it happens to be, and the
 * tag's type goes from live to cached by one compare-and-set that fails unless the tag still
 * describes just this range. A look-up that finds nothing proves nothing; the free then goes the
 * locked way, where a double free is told from bad luck.
 */
final class QuantumCaches {
  /** The most sizes an arena caches, as in the original: beyond them the slabs grow too large. */
  static final int SIZES_MAX = 16;

  private final LockedSegments home;
  private final Tags tags;
  private final LiveTable live;
  private final int quantumShift;
  private final int sizes;
  private final Magazines[] magazines;

  /**
   * Makes empty caches.
   *
   * @param home the segments behind the caches
   * @param quantum the arena's quantum
   * @param sizes how many multiples of the quantum to cache, 1 to {@link #SIZES_MAX}
   * @param cpus how many CPUs there are
   * @param rounds how many ranges a magazine holds
   */
  QuantumCaches(LockedSegments home, long quantum, int sizes, int cpus, int rounds) {
    this.home = home;
    this.tags = home.segments.tags;
    this.live = home.segments.live;
    this.quantumShift = Long.numberOfTrailingZeros(quantum);
    this.sizes = sizes;
    this.magazines = new Magazines[cpus];
    for (int cpu = 0; cpu < cpus; cpu++) {
      magazines[cpu] = new Magazines(sizes, rounds);
    }
  }

  /**
   * {@return whether ranges of a size are cached: small ones that are a multiple of the quantum}
   */
  boolean serves(long size) {
    return Numbers.below((size >>> quantumShift) - 1, sizes)
        && !Numbers.isOff(size, 1L << quantumShift);
  }

  /** {@return the base of a cached range, now live, or {@link Arena#NONE}} */
  long take(int cpu, long size, int note) {
    int index = index(size);
    Magazines own = magazines[Objects.checkIndex(cpu, magazines.length)];
    if (!own.enter()) {
      return Arena.NONE;
    }
    long base = Arena.NONE;
    if (!own.isEmpty(index)) {
      tags.setState(own.pop(index), Tags.LIVE, note);
      base = own.popped(index);
      own.noteAllocation();
    }
    own.leave();
    return base;
  }

  /** {@return whether the range was live and is now cached; if not, nothing has changed} */
  boolean put(int cpu, long base, long size) {
    int tag = live.peek(base);
    return tag != Tags.NONE && put(cpu, tag, base, size);
  }

  /** {@return whether a range of whatever size was live and is now cached} */
  boolean put(int cpu, long base) {
    int tag = live.peek(base);
    long size = tag == Tags.NONE ? 0 : tags.peekSize(tag);
    return serves(size) && put(cpu, tag, base, size);
  }

  private boolean put(int cpu, int tag, long base, long size) {
    int index = index(size);
    Magazines own = magazines[Objects.checkIndex(cpu, magazines.length)];
    if (!own.enter()) {
      return false;
    }
    try {
      if (own.isFull(index)) {
        spill(own, index, own.count(index) / 2);
      }
      if (!tags.claim(tag, base, size, Tags.LIVE, Tags.CACHED)) {
        return false;
      }
      own.push(index, tag, base);
      own.noteFree();
      return true;
    } finally {
      own.leave();
    }
  }

  /** {@return the number of ranges that went home from all magazines} */
  long drain() {
    long drained = 0;
    for (Magazines each : magazines) {
      each.enterWaiting();
      try {
        for (int size = 0; size < sizes; size++) {
          drained += each.count(size);
          spill(each, size, each.count(size));
        }
      } finally {
        each.leave();
      }
    }
    return drained;
  }

  private void spill(Magazines from, int size, int count) {
    for (int i = 0; i < count; i++) {
      home.freeCached(from.pop(size));
    }
  }

  private int index(long size) {
    return (int) (size >>> quantumShift) - 1;
  }

  /** {@return bytes in magazines; may be slightly out of date} */
  long heldBytes() {
    long sum = 0;
    for (int cpu = 0; cpu < magazines.length; cpu++) {
      sum += heldBytes(cpu);
    }
    return sum;
  }

  /** {@return bytes in the magazines of a CPU; may be slightly out of date} */
  long heldBytes(int cpu) {
    long sum = 0;
    for (int size = 0; size < sizes; size++) {
      sum += magazines[cpu].count(size) * ((size + 1L) << quantumShift);
    }
    return sum;
  }

  /** {@return the number of ranges in magazines; may be slightly out of date} */
  long held() {
    long sum = 0;
    for (Magazines each : magazines) {
      for (int size = 0; size < sizes; size++) {
        sum += each.count(size);
      }
    }
    return sum;
  }

  /** {@return bytes of memory in magazines} */
  long bytes() {
    return magazines.length * magazines[0].bytes();
  }

  /** {@return the number of requests served from magazines; may be slightly out of date} */
  long allocations() {
    long sum = 0;
    for (Magazines each : magazines) {
      sum += each.allocations();
    }
    return sum;
  }

  /** {@return the number of ranges that came back to magazines; may be slightly out of date} */
  long frees() {
    long sum = 0;
    for (Magazines each : magazines) {
      sum += each.frees();
    }
    return sum;
  }
}
