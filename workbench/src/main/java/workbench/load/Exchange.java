package workbench.load;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Slots in which threads leave a block for another one that they find there. Never waits: a slot
 * that somebody else is at refuses.
 *
 * <p>Safe for use by several threads, each with a table of its own.
 */
final class Exchange {
  private static final int OPEN = 0;
  private static final int TAKEN = 1;

  private final AtomicIntegerArray locks;
  private final Blocks blocks = new Blocks();

  Exchange(int slots) {
    locks = new AtomicIntegerArray(slots);
    blocks.reserve(slots);
  }

  int slots() {
    return locks.length();
  }

  /**
   * Exchanges the entry {@code index} of {@code own} for that of a slot, either of which may be
   * empty. {@return false, with nothing changed, if another thread is at the slot}
   */
  boolean swap(int slot, Blocks own, int index) {
    if (locks.compareAndExchangeAcquire(slot, OPEN, TAKEN) != OPEN) {
      return false;
    }
    long address = blocks.address(slot);
    long bytes = blocks.bytes(slot);
    long id = blocks.id(slot);
    blocks.copy(slot, own, index);
    own.put(index, address, bytes, id);
    locks.setRelease(slot, OPEN);
    return true;
  }
}
