package heap.dl;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * A mutual exclusion for short sections: one compare-and-set to enter, one store to leave. A thread
 * that finds it taken spins for a while and then sleeps for growing moments, so a holder that lost
 * its processor is not kept from it. Not re-entrant, not fair.
 */
final class SpaceLock {
  private static final VarHandle TAKEN;

  static {
    try {
      TAKEN = MethodHandles.lookup().findVarHandle(SpaceLock.class, "taken", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final int SPINS = 200; // some microseconds: longer than any call without growth
  private static final long FIRST_SLEEP = 1_000; // ns
  private static final long LAST_SLEEP = 200_000; // ns: bounds how late a waiter notices

  private final boolean on;

  @SuppressWarnings("unused") // through TAKEN
  private int taken;

  SpaceLock(boolean on) {
    this.on = on;
  }

  /** Enters; pairs with the release store of {@link #leave}. */
  void enter() {
    if (on && !TAKEN.compareAndSet(this, 0, 1)) {
      await();
    }
  }

  void leave() {
    if (on) {
      TAKEN.setRelease(this, 0);
    }
  }

  private void await() {
    for (int i = 0; i < SPINS; i++) {
      if ((int) TAKEN.getOpaque(this) == 0 && TAKEN.compareAndSet(this, 0, 1)) {
        return;
      }
      Thread.onSpinWait();
    }
    long nanos = FIRST_SLEEP;
    while ((int) TAKEN.getOpaque(this) != 0 || !TAKEN.compareAndSet(this, 0, 1)) {
      LockSupport.parkNanos(this, nanos);
      nanos = Math.min(2 * nanos, LAST_SLEEP);
    }
  }
}
