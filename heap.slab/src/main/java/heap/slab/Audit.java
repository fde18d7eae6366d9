package heap.slab;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who allocated and who freed each object of a cache last: the CPU and the number of the operation,
 * counted over the heap. For finding the other party of a double free or of a write to freed
 * memory, and leaks by age. Sixteen bytes per object, in Java's heap.
 *
 * <p>Safe for use by several threads: a record is written by who has the object at the time.
 */
final class Audit {
  private static final int CPU_BITS = 12;
  private static final int FREED = 1; // a record: what allocated, what freed; 0 for never

  private final boolean on;
  private final int objects;
  private final AtomicLong operations;
  private volatile long[][] slabs = {}; // records by slab

  /**
   * Begins without records.
   *
   * @param on whether to keep any
   * @param objects how many a slab has
   * @param operations the heap's count
   */
  Audit(boolean on, int objects, AtomicLong operations) {
    this.on = on;
    this.objects = objects;
    this.operations = operations;
  }

  boolean isOn() {
    return on;
  }

  /** Begins anew for a slab, before its objects can be had. */
  synchronized void begin(int slab) {
    if (on) {
      long[][] now = slabs;
      long[][] next = Arrays.copyOf(now, Math.max(now.length, slab + 1));
      next[slab] = new long[2 * objects];
      slabs = next;
    }
  }

  void allocated(int slab, int object, int cpu) {
    slabs[slab][2 * object] = record(cpu);
  }

  void freed(int slab, int object, int cpu) {
    slabs[slab][2 * object + FREED] = record(cpu);
  }

  private long record(int cpu) {
    return operations.incrementAndGet() << CPU_BITS | cpu;
  }

  /** {@return the number of the operation that allocated an object last; 0 for none} */
  long allocation(int slab, int object) {
    return slabs[slab][2 * object] >>> CPU_BITS;
  }

  /** {@return what is known of an object, as the end of a sentence} */
  String tell(int slab, int object) {
    return "allocated "
        + tell(slabs[slab][2 * object])
        + ", freed "
        + tell(slabs[slab][2 * object + FREED]);
  }

  private static String tell(long record) {
    return record == 0
        ? "never"
        : "by CPU %d in operation %d"
            .formatted(record & ((1 << CPU_BITS) - 1), record >>> CPU_BITS);
  }
}
