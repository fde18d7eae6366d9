package physmem.llfree;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Access to metadata that ends for good after some number of accesses, by whatever thread: each
 * thread is stopped before its next one, as if the machine had lost its power.
 */
final class CrashingCells extends Cells {
  /** The end of a thread. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed() {
      super("power failure", null, false, false);
    }
  }

  private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);

  /** Lets so many accesses happen from now on. */
  void arm(long accesses) {
    left.set(accesses);
  }

  boolean isDead() {
    return left.get() <= 0;
  }

  private void step() {
    if (left.get() <= 0 || left.getAndDecrement() <= 0) {
      throw new Killed();
    }
  }

  @Override
  long acquireLong(long address) {
    step();
    return super.acquireLong(address);
  }

  @Override
  long plainLong(long address) {
    step();
    return super.plainLong(address);
  }

  @Override
  void putLong(long address, long value) {
    step();
    super.putLong(address, value);
  }

  @Override
  void releaseLong(long address, long value) {
    step();
    super.releaseLong(address, value);
  }

  @Override
  boolean swapLong(long address, long expected, long value) {
    step();
    return super.swapLong(address, expected, value);
  }

  @Override
  long exchangeLong(long address, long value) {
    step();
    return super.exchangeLong(address, value);
  }

  @Override
  int acquireInt(long address) {
    step();
    return super.acquireInt(address);
  }

  @Override
  int opaqueInt(long address) {
    step();
    return super.opaqueInt(address);
  }

  @Override
  int plainInt(long address) {
    step();
    return super.plainInt(address);
  }

  @Override
  void putInt(long address, int value) {
    step();
    super.putInt(address, value);
  }

  @Override
  boolean swapInt(long address, int expected, int value) {
    step();
    return super.swapInt(address, expected, value);
  }
}
