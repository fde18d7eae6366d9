package allocator.arena;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The magazines of one CPU: for each multiple of the quantum up to the arena's limit, a stack of
 * ranges of that size.
 *
 * <p>A flag keeps it to one thread at a time. A CPU index has one thread at a time by contract, so
 * the flag is nearly always free; a thread that finds it taken goes to the segments instead of
 * waiting. Only {@link #enterWaiting}, for draining, spins.
 */
final class Magazines {
  private static final VarHandle BUSY;

  static {
    try {
      BUSY = MethodHandles.lookup().findVarHandle(Magazines.class, "busy", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final int rounds;
  private final int[] tags;
  private final long[] bases;
  private final int[] counts;
  private long allocations;
  private long frees;

  @SuppressWarnings("UnusedVariable") // through BUSY
  private boolean busy;

  /**
   * Makes empty magazines.
   *
   * @param sizes how many sizes there are
   * @param rounds how many ranges a magazine holds
   */
  Magazines(int sizes, int rounds) {
    this.rounds = rounds;
    this.tags = new int[sizes * rounds];
    this.bases = new long[sizes * rounds];
    this.counts = new int[sizes];
  }

  /** {@return true if this thread now has the magazines, false if another one has} */
  boolean enter() {
    return BUSY.compareAndSet(this, false, true);
  }

  /** Takes the magazines, after another thread that has them if need be. */
  void enterWaiting() {
    while (!enter()) {
      Thread.onSpinWait();
    }
  }

  /** Lets others in. */
  void leave() {
    BUSY.setRelease(this, false); // pairs with the compare-and-set in enter
  }

  /** {@return whether there is no range of a size} */
  boolean isEmpty(int size) {
    return counts[size] == 0;
  }

  /** {@return whether there is no room for another range of a size} */
  boolean isFull(int size) {
    return counts[size] == rounds;
  }

  /** Puts a range on a magazine that is not full. */
  void push(int size, int tag, long base) {
    int at = size * rounds + counts[size]++;
    tags[at] = tag;
    bases[at] = base;
  }

  /** {@return the tag of the range put last, which leaves; {@link #popped} is its base} */
  int pop(int size) {
    return tags[size * rounds + --counts[size]];
  }

  /** {@return the base of the range that {@link #pop} took last from this magazine} */
  long popped(int size) {
    return bases[size * rounds + counts[size]];
  }

  /** {@return the number of ranges of a size} */
  int count(int size) {
    return counts[size];
  }

  /** {@return bytes of memory in the stacks} */
  long bytes() {
    return (long) bases.length * (Long.BYTES + Integer.BYTES)
        + (long) counts.length * Integer.BYTES;
  }

  /** Counts a request that was served. */
  void noteAllocation() {
    allocations++;
  }

  /** Counts a range that came back. */
  void noteFree() {
    frees++;
  }

  /** {@return the number of requests served; may be slightly out of date} */
  long allocations() {
    return allocations;
  }

  /** {@return the number of ranges that came back; may be slightly out of date} */
  long frees() {
    return frees;
  }
}
