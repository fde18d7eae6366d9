package heap.slab;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One CPU's two magazines of one cache: the loaded one, which is popped and pushed, and the
 * previous one, which is either full or empty.
 *
 * <p>A word that is only ever tried guards them: who does not get it goes to the slabs. So two
 * threads that carry the same CPU index do no harm, and whoever finds memory exhausted can send
 * other CPUs' objects home. Every other method is called by who holds the word. A magazine is an
 * array of addresses, as long as it has rounds.
 */
final class CpuMagazines extends CpuMagazinesPadding {
  private static final VarHandle HELD;

  static {
    try {
      HELD = MethodHandles.lookup().findVarHandle(CpuMagazines.class, "held", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Stands for no magazine; the same as an empty one, but without room. */
  static final long[] NONE = new long[0];

  @SuppressWarnings("unused") // through HELD
  private int held;

  private int count;
  private long[] loaded = NONE;
  private long[] previous = NONE;
  private int previousCount; // 0 or all
  private long pops;
  private long pushes;

  /** Tries to take hold; the acquire pairs with the release in {@link #leave}. */
  boolean enter() {
    return HELD.compareAndSet(this, 0, 1);
  }

  void leave() {
    HELD.setRelease(this, 0);
  }

  /** {@return the object put in last, or 0 if the loaded magazine is empty} */
  long pop() {
    int top = count - 1;
    if (top < 0) {
      return 0;
    }
    count = top;
    pops++;
    return loaded[top];
  }

  /** {@return false, with nothing done, if the loaded magazine is full} */
  boolean push(long address) {
    int top = count;
    if (top == loaded.length) {
      return false;
    }
    loaded[top] = address;
    count = top + 1;
    pushes++;
    return true;
  }

  /** Changes the magazines about; the loaded one is full or empty. */
  void swap() {
    long[] magazine = loaded;
    int rounds = count;
    loaded = previous;
    count = previousCount;
    previous = magazine;
    previousCount = rounds;
  }

  /** Loads a magazine; the loaded one, full or empty, becomes the previous one. */
  void load(long[] magazine, int rounds) {
    previous = loaded;
    previousCount = count;
    loaded = magazine;
    count = rounds;
  }

  /** Says how many rounds the loaded magazine, empty before, was filled with. */
  void filled(int rounds) {
    count = rounds;
  }

  /** {@return the previous magazine, which is gone from here} */
  long[] takePrevious() {
    long[] magazine = previous;
    previous = NONE;
    previousCount = 0;
    return magazine;
  }

  boolean previousIsFull() {
    return previousCount != 0;
  }

  boolean previousHasRoom() {
    return previousCount < previous.length;
  }

  long[] loaded() {
    return loaded;
  }

  int count() {
    return count;
  }

  long[] previous() {
    return previous;
  }

  int previousCount() {
    return previousCount;
  }

  /** Forgets all rounds, which the caller has sent home. */
  void emptied() {
    count = 0;
    previousCount = 0;
  }

  long pops() {
    return pops;
  }

  long pushes() {
    return pushes;
  }
}
