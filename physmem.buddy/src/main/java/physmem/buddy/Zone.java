package physmem.buddy;

import static physmem.buddy.Geometry.NONE;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A zone of a NUMA node: frames with one reach, such as those below 4 GiB, their free lists, their
 * live pieces, their watermarks and the CPUs' stocks of them.
 *
 * <p>Methods that end in {@code Locked} are called with {@link #lock} held. Lock order: a CPU's
 * stock, then the zone; of several zones, in rising {@link #index}.
 */
final class Zone {
  /** Names by kind. */
  private static final String[] NAMES = {"DMA", "DMA32", "Normal", "Movable"};

  /** The kind of zone below 16 MiB. */
  static final int DMA = 0;

  /** The kind of zone below 4 GiB. */
  static final int DMA32 = 1;

  /** The kind of zone that has the rest. */
  static final int NORMAL = 2;

  /** The kind of zone that has only what can move. */
  static final int MOVABLE = 3;

  /** Number of kinds. */
  static final int KINDS = 4;

  /** A zone that has and admits nothing, for machines without the zone that is asked for. */
  static final Zone EMPTY = empty();

  private final int index;
  private final int node;
  private final int kind;
  private long start;
  private long spanned;
  private final ReentrantLock lock = new ReentrantLock();
  private final FreeBlocks free;
  private final LiveFrames live;
  private final Picker picker;
  private final Spans present = new Spans();
  private final Spans managed = new Spans();
  private final Poison poison = new Poison(this);
  private final CpuLists[] cpus;
  private final long[] protection = new long[KINDS];
  private Watermarks marks = new Watermarks(0, 0, 0);
  private long low; // marks.low(), one load nearer
  private long takenDirectly; // under the lock
  private long givenDirectly; // under the lock
  private long refills; // under the lock

  /**
   * Makes a zone with nothing free in it.
   *
   * @param index its place among all zones
   * @param node its NUMA node
   * @param kind {@link #DMA}, {@link #DMA32}, {@link #NORMAL} or {@link #MOVABLE}
   * @param start first frame spanned
   * @param spanned frames spanned
   * @param parts its free lists, live pieces and picker
   * @param cpuCount number of CPUs that have a stock; 0 for no stocks
   */
  Zone(int index, int node, int kind, long start, long spanned, Parts parts, int cpuCount) {
    this.index = index;
    this.node = node;
    this.kind = kind;
    this.start = start;
    this.spanned = spanned;
    this.free = parts.free();
    this.live = parts.live();
    this.picker = parts.picker();
    this.cpus = new CpuLists[cpuCount];
    Arrays.setAll(cpus, cpu -> new CpuLists(this));
  }

  private static Zone empty() {
    FreeBlocks free = new FreeBlocks(new PageblockTable(0, 0, 0));
    LiveFrames live = new LiveFrames(0, 0, 0);
    return new Zone(-1, -1, DMA, 0, 0, new Parts(free, live, new Picker(free, live, false)), 0);
  }

  /** {@return the kind of zone with a name, or -1 if it is none that can have frames} */
  static int kindOf(String name) {
    return List.of(NAMES).indexOf(name);
  }

  /** {@return the name of a kind of zone} */
  static String nameOf(int kind) {
    return NAMES[kind];
  }

  /** The structures over a zone's metadata. */
  record Parts(FreeBlocks free, LiveFrames live, Picker picker) {}

  int index() {
    return index;
  }

  int node() {
    return node;
  }

  int kind() {
    return kind;
  }

  String name() {
    return NAMES[kind];
  }

  long start() {
    return start;
  }

  long spanned() {
    return spanned;
  }

  /** {@return the frame behind the last one spanned} */
  long end() {
    return start + spanned;
  }

  ReentrantLock lock() {
    return lock;
  }

  FreeBlocks free() {
    return free;
  }

  LiveFrames live() {
    return live;
  }

  Picker picker() {
    return picker;
  }

  Spans present() {
    return present;
  }

  Spans managed() {
    return managed;
  }

  Poison poison() {
    return poison;
  }

  CpuLists[] cpus() {
    return cpus;
  }

  long[] protection() {
    return protection;
  }

  Watermarks marks() {
    return marks;
  }

  void setMarks(Watermarks marks) {
    this.marks = marks;
    this.low = marks.low();
  }

  long low() {
    return low;
  }

  /**
   * {@return whether a block of the order may be taken with so many frames left afterwards}
   *
   * @param order the order
   * @param mark the watermark that applies, or NONE if none does
   * @param highest the highest kind of zone that the request could use
   */
  boolean admits(int order, long mark, int highest) {
    if (mark == NONE) {
      return true;
    }
    long left = free.frames() - ((1L << order) - 1);
    return left > mark + protection[highest] && (order == 0 || free.hasAtLeast(order));
  }

  /**
   * Takes a block, from the CPU's stock if the order has one.
   *
   * @param cpu index of the calling CPU
   * @param order the order
   * @param type the migrate type
   * @param code what to note down for the frame; see {@link LiveFrames}
   * @param wholeOnly whether only whole pageblocks of other types may be used
   * @return the first frame, or NONE
   */
  long take(int cpu, int order, int type, int code, boolean wholeOnly) {
    int slot = CpuLists.slot(order);
    if (slot == CpuLists.NO_SLOT || cpus.length == 0 || !cpus[cpu].enter()) {
      return takeDirectly(order, type, code, wholeOnly);
    }
    CpuLists lists = cpus[cpu];
    try {
      long frame = lists.take(slot, order, type, wholeOnly);
      if (frame != NONE) {
        live.set(frame, code);
      }
      return frame;
    } finally {
      lists.leave();
    }
  }

  private long takeDirectly(int order, int type, int code, boolean wholeOnly) {
    lock.lock();
    try {
      long frame = picker.pick(order, type, wholeOnly);
      if (frame != NONE) {
        live.set(frame, code);
        takenDirectly++;
      }
      return frame;
    } finally {
      lock.unlock();
    }
  }

  /** Fills a CPU's empty list; {@return how many blocks it got}. */
  int refill(FrameRing ring, int order, int type, int wanted, boolean wholeOnly) {
    lock.lock();
    try {
      refills++;
      int got = 0;
      int more = 1;
      while (got < wanted && more != 0) {
        more = picker.pickSeveral(order, type, wholeOnly, wanted - got, ring);
        got += more;
      }
      noteCached(ring, got, order);
      return got;
    } finally {
      lock.unlock();
    }
  }

  private void noteCached(FrameRing ring, int count, int order) {
    for (int i = 0; i < count; i++) {
      live.set(ring.at(i), LiveFrames.CACHED | order);
    }
  }

  /** Frees a live block that has been checked, into the CPU's stock if the order has one. */
  void give(int cpu, long frame, int order) {
    int slot = CpuLists.slot(order);
    boolean direct = slot == CpuLists.NO_SLOT || cpus.length == 0 || poison.pending();
    if (direct || !cpus[cpu].enter()) {
      giveDirectly(frame, order);
      return;
    }
    CpuLists lists = cpus[cpu];
    try {
      live.set(frame, LiveFrames.CACHED | order);
      lists.give(slot, frame, order, free.table().type(free.table().indexOf(frame)));
    } finally {
      lists.leave();
    }
  }

  /** Frees a live piece to the free lists. */
  void giveDirectly(long frame, int order) {
    lock.lock();
    try {
      givenDirectly++;
      releaseLocked(frame, order);
    } finally {
      lock.unlock();
    }
  }

  /** Frees a run of blocks of one size, none if the run is empty, to the free lists. */
  void releaseRunLocked(long from, long to, long size) {
    for (long at = from; at < to; at += size) {
      live.set(at, 0);
    }
    for (long at = from; at < to; ) {
      int order = Geometry.orderAt(at, to);
      free.release(at, order, false);
      at += 1L << order;
    }
    poison.collect(from, to);
  }

  /** Frees a run of live blocks of one size, that has been checked, to the free lists. */
  void giveRun(long from, long to, long size) {
    lock.lock();
    try {
      givenDirectly += (to - from) / size;
      releaseRunLocked(from, to, size);
    } finally {
      lock.unlock();
    }
  }

  /** Takes blocks from the CPU's stock; {@return how many it got before the zone ran out}. */
  int takeBulk(int cpu, int order, int type, int code, long[] into, int from, int count) {
    int slot = CpuLists.slot(order);
    if (slot == CpuLists.NO_SLOT || cpus.length == 0 || !cpus[cpu].enter()) {
      return 0;
    }
    CpuLists lists = cpus[cpu];
    try {
      for (int i = 0; i < count; i++) {
        long frame = lists.take(slot, order, type, true);
        if (frame == NONE) {
          return i;
        }
        live.set(frame, code);
        into[from + i] = frame;
      }
      return count;
    } finally {
      lists.leave();
    }
  }

  private void releaseLocked(long frame, int order) {
    live.set(frame, 0);
    free.release(frame, order, false);
    poison.collect(frame, frame + (1L << order));
  }

  /** Adds frames, with the lock held: they are present, managed and free from now on. */
  void grow(long from, long to) {
    long end = Math.max(end(), to);
    start = Math.min(start, from);
    spanned = end - start;
    present.add(from, to);
    managed.add(from, to);
    free.seed(from, to);
  }

  /** Sends every CPU's stock home. */
  void drain() {
    for (CpuLists lists : cpus) {
      if (lists.count() != 0) {
        lists.await();
        try {
          lists.drain();
        } finally {
          lists.leave();
        }
      }
    }
  }

  /** {@return the free frames in the CPUs' stocks; exact while no call is under way} */
  long cached() {
    long sum = 0;
    for (CpuLists lists : cpus) {
      sum += lists.count();
    }
    return sum;
  }

  long allocations() {
    long sum = takenDirectly;
    for (CpuLists lists : cpus) {
      sum += lists.taken();
    }
    return sum;
  }

  long frees() {
    long sum = givenDirectly;
    for (CpuLists lists : cpus) {
      sum += lists.given();
    }
    return sum;
  }

  long refills() {
    return refills;
  }

  @Override
  public String toString() {
    return "node " + node + " zone " + name();
  }
}
