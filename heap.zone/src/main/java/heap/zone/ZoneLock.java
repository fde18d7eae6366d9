package heap.zone;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * A mutual exclusion for short sections: one compare-and-set to enter, one store to leave. A thread
 * that finds it taken spins for a while and then sleeps for growing moments, so that a holder that
 * lost its processor gets one. Not re-entrant, not fair.
 */
final class ZoneLock {
  private static final VarHandle TAKEN;

  static {
    try {
      TAKEN = MethodHandles.lookup().findVarHandle(ZoneLock.class, "taken", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final int SPINS = 200; // some microseconds: longer than any section here
  private static final long FIRST_SLEEP = 1_000; // ns
  private static final long LAST_SLEEP = 100_000; // ns: bounds how late a waiter notices

  @SuppressWarnings("unused") // through TAKEN
  private int taken;

  /** Enters if nobody is inside; the acquire pairs with the release of {@link #leave}. */
  boolean tryEnter() {
    return TAKEN.compareAndSet(this, 0, 1);
  }

  void enter() {
    if (!tryEnter()) {
      await();
    }
  }

  void leave() {
    TAKEN.setRelease(this, 0);
  }

  private boolean looksFree() {
    return (int) TAKEN.getOpaque(this) == 0;
  }

  private void await() {
    for (int i = 0; i < SPINS; i++) {
      if (looksFree() && tryEnter()) {
        return;
      }
      Thread.onSpinWait();
    }
    long nanos = FIRST_SLEEP;
    while (!looksFree() || !tryEnter()) {
      LockSupport.parkNanos(this, nanos);
      nanos = Math.min(2 * nanos, LAST_SLEEP);
    }
  }
}
