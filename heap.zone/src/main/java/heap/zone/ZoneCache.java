package heap.zone;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One CPU's part of a zone: the magazine that allocations pop, the one that frees push, and a depot
 * of full and empty ones. Allocation and free magazine change places only when a request cannot be
 * met, so elements do not come back in the order last in, first out.
 *
 * <p>A word that is only ever tried guards all of it, in place of the original's disabled
 * preemption: who does not get it goes to the zone. Every other method is called by who holds it.
 */
final class ZoneCache extends ZoneCachePadding {
  private static final VarHandle HELD;

  static {
    try {
      HELD = MethodHandles.lookup().findVarHandle(ZoneCache.class, "held", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Stands for no magazine. */
  static final long[] NONE = new long[0];

  @SuppressWarnings("unused") // through HELD
  private int held;

  private int allocCount;
  private int freeCount;
  private long[] alloc;
  private long[] free;
  private long pops;
  private long pushes;

  final MagazineQueue full = new MagazineQueue();
  final MagazineQueue empty = new MagazineQueue();

  ZoneCache(int rounds) {
    alloc = new long[rounds];
    free = new long[rounds];
  }

  /** Tries to take hold; the acquire pairs with the release in {@link #leave}. */
  boolean enter() {
    return HELD.compareAndSet(this, 0, 1);
  }

  void leave() {
    HELD.setRelease(this, 0);
  }

  /** {@return an element of the allocation magazine, or 0 if it is empty} */
  long pop() {
    int top = allocCount - 1;
    if (top < 0) {
      return 0;
    }
    allocCount = top;
    pops++;
    return alloc[top];
  }

  /** {@return false, with nothing done, if the free magazine is full} */
  boolean push(long address) {
    int top = freeCount;
    if (top == free.length) {
      return false;
    }
    free[top] = address;
    freeCount = top + 1;
    pushes++;
    return true;
  }

  void swap() {
    long[] magazine = alloc;
    int count = allocCount;
    alloc = free;
    allocCount = freeCount;
    free = magazine;
    freeCount = count;
  }

  /** Puts a full magazine in the place of the empty allocation magazine, {@return the latter} */
  long[] replaceAlloc(long[] magazine) {
    long[] old = alloc;
    alloc = magazine;
    allocCount = magazine.length;
    return old;
  }

  /** Puts an empty magazine in the place of the full free magazine, {@return the latter} */
  long[] replaceFree(long[] magazine) {
    long[] old = free;
    free = magazine;
    freeCount = 0;
    return old;
  }

  /** Says how many elements the allocation magazine, empty before, was filled with. */
  void filled(int count) {
    allocCount = count;
  }

  /** Forgets the elements of both magazines, which the caller has sent home. */
  void emptied() {
    allocCount = 0;
    freeCount = 0;
  }

  long[] alloc() {
    return alloc;
  }

  int allocCount() {
    return allocCount;
  }

  long[] free() {
    return free;
  }

  int freeCount() {
    return freeCount;
  }

  /** {@return elements that wait here, roughly while calls are under way} */
  long cached() {
    return allocCount + freeCount + (long) full.size() * alloc.length;
  }

  long pops() {
    return pops;
  }

  long pushes() {
    return pushes;
  }
}
