package kernel.gate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Keeps a cell's words away from whatever lies before it. */
class GateCellPadding {
  // Two cache lines: processors fetch them in pairs.
  @SuppressWarnings("unused") // it is the room that matters
  private long p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15;
}

/** The words of a cell. */
class GateCellWords extends GateCellPadding {
  /** Counts entries and exits: even outside, odd inside. */
  @SuppressWarnings("unused") // through CALLS
  long calls;

  /** How deep the owner is inside; its own business. */
  int depth;
}

/** One thread's mark in one gate: whether it is inside, and how often it was. */
public final class GateCell extends GateCellWords {
  private static final VarHandle CALLS;

  static {
    try {
      CALLS = MethodHandles.lookup().findVarHandle(GateCellWords.class, "calls", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Thread owner;

  /** When the owner last waited in vain, of {@link System#nanoTime}; its own business. */
  long gaveUp;

  /** Whether {@link #gaveUp} is set. */
  boolean hasGivenUp;

  @SuppressWarnings("unused") // keeps what lies behind the cell away
  private long q0, q1, q2, q3, q4, q5, q6, q7, q8, q9, q10, q11, q12, q13, q14, q15;

  GateCell(Thread owner) {
    this.owner = owner;
  }

  /** Marks the owner as inside. The fence that the handshake needs is the other side's. */
  void stepIn() {
    CALLS.setOpaque(this, calls + 1);
    if (!ProcessBarrier.AVAILABLE) {
      VarHandle.fullFence();
    }
  }

  /** Marks the owner as outside; pairs with {@link #seen}. */
  void stepOut() {
    CALLS.setRelease(this, calls + 1);
  }

  /** {@return the count as another thread sees it: what was done before an exit is visible} */
  long seen() {
    return (long) CALLS.getAcquire(this);
  }

  static boolean inside(long seen) {
    return (seen & 1) != 0;
  }
}
