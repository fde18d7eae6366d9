package physmem.llfree;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/*
 * MEMORY ORDER OF EACH ATOMIC
 *
 *    All changes are compare-and-sets, which in Java are volatile: nothing moves across them.
 *
 *      word     set by take, cleared by give. The clearing publishes the freer's use of the frames;
 *               it pairs with the read of the same word by the next taker, who then sets it.
 *      entry    lowered by give after the clearing; a taker reads it with acquire before he reads
 *               words. So he who sees the room sees the zero bits: takeWhole relies on it. An entry
 *               loses BUSY and HUGE after its words were stored with release; it pairs with the
 *               acquire of the entry before each read of words.
 *      tree     lowered after the entry; pairs with the acquire of the next taker. The search reads
 *               trees opaquely: a value that is out of date leads to a tree that the compare-and-set
 *               refuses.
 *      reservation   index of a word and count in one long, so a count is never added to another
 *               tree than the one that was meant. Installing is an exchange, and who got the old
 *               value ends it: each reservation is ended once.
 *      last tree, allocations, frees   opaque, not atomic: a hint, and figures that may be low.
 *
 *    Rebuilding, seeding and adopting write plainly: no call is under way, and the gate that lets
 *    calls in again orders them.
 */

/**
 * Reads and writes the host memory that metadata lies in, by absolute address, with the memory
 * order that each name says. Compare-and-set is a volatile access: at least acquire and release.
 *
 * <p>Nothing is checked here but alignment: the classes above form no address outside their own
 * segments.
 *
 * <p>Every access to metadata goes through here, so that tests can stop a thread between any two of
 * them by overriding these methods. In production no subclass is loaded and each call is inlined.
 */
class Cells {
  /*
   * All of the host's memory as one static final segment, whose bounds the compiler knows as
   * constants, so that an access costs what a pointer costs.
   */
  @SuppressWarnings("restricted")
  private static final MemorySegment HOST = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

  long acquireLong(long address) {
    return (long) LONG.getAcquire(HOST, address);
  }

  long plainLong(long address) {
    return (long) LONG.get(HOST, address);
  }

  void putLong(long address, long value) {
    LONG.set(HOST, address, value);
  }

  void releaseLong(long address, long value) {
    LONG.setRelease(HOST, address, value);
  }

  boolean swapLong(long address, long expected, long value) {
    return LONG.compareAndSet(HOST, address, expected, value);
  }

  long exchangeLong(long address, long value) {
    return (long) LONG.getAndSet(HOST, address, value);
  }

  long opaqueLong(long address) {
    return (long) LONG.getOpaque(HOST, address);
  }

  /** Adds without being atomic. */
  void add(long address, long value) {
    LONG.setOpaque(HOST, address, (long) LONG.getOpaque(HOST, address) + value);
  }

  void opaqueLong(long address, long value) {
    LONG.setOpaque(HOST, address, value);
  }

  int acquireInt(long address) {
    return (int) INT.getAcquire(HOST, address);
  }

  int opaqueInt(long address) {
    return (int) INT.getOpaque(HOST, address);
  }

  int plainInt(long address) {
    return (int) INT.get(HOST, address);
  }

  void putInt(long address, int value) {
    INT.set(HOST, address, value);
  }

  boolean swapInt(long address, int expected, int value) {
    return INT.compareAndSet(HOST, address, expected, value);
  }
}
