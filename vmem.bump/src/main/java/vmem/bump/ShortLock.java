package vmem.bump;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * A mutual exclusion for sections of well under a microsecond. A thread that finds it taken looks
 * again for a while and then sleeps, each time longer, so that a holder which lost its processor
 * gets it back. Not re-entrant, not fair, allocates nothing.
 */
final class ShortLock {
  private static final VarHandle TAKEN;

  static {
    try {
      TAKEN = MethodHandles.lookup().findVarHandle(ShortLock.class, "taken", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final int LOOKS = 100; // a few microseconds: tens of sections
  private static final long FIRST_SLEEP = 1_000; // ns; the host makes some 50,000 of it
  private static final long LAST_SLEEP = 100_000; // ns; bounds how late a release is noticed

  @SuppressWarnings("UnusedVariable") // through TAKEN
  private boolean taken;

  /** Enters. What was written before a {@link #leave} that this follows is visible then. */
  void enter() {
    if (!TAKEN.compareAndSet(this, false, true)) { // pairs with the release in leave
      enterLater();
    }
  }

  private void enterLater() {
    long sleep = FIRST_SLEEP;
    for (int looks = 0; !tryEnter(); looks++) {
      if (looks < LOOKS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, sleep);
        sleep = Math.min(2 * sleep, LAST_SLEEP);
      }
    }
  }

  private boolean tryEnter() {
    return !(boolean) TAKEN.getOpaque(this) && TAKEN.compareAndSet(this, false, true);
  }

  /** Leaves. */
  void leave() {
    TAKEN.setRelease(this, false); // pairs with the compare-and-set of the next thread that enters
  }
}
