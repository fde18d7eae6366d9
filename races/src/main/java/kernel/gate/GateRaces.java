package kernel.gate;

import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The gate before every tier: a call that enters while the gate is being closed, see {@link Gate}
 * and {@link GateCell}. What the gate guards is plain memory here, as a slot's engine is.
 */
public final class GateRaces {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

  private GateRaces() {}

  /** A gate and what a closer does. */
  public abstract static class Guarded {
    final Gate gate = new Gate("race", 0);
    final GateCell nobody = new GateCell(new Thread());

    final void close(Runnable whenQuiet) {
      gate.acquire();
      try {
        gate.block(null);
        try {
          if (gate.awaitQuiet(System.nanoTime() + PATIENCE).isPresent()) {
            throw new IllegalStateException("a call never left");
          }
          whenQuiet.run();
        } finally {
          gate.open();
        }
      } finally {
        gate.release();
      }
    }
  }

  /** The handshake alone: a caller marks itself and looks; the closer closes and looks. */
  @JCStressTest
  @Outcome(
      id = "0, 1",
      expect = Expect.ACCEPTABLE,
      desc = "the caller is in; the closer waits for it")
  @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "the caller sees the gate closed")
  @Outcome(
      id = "1, 1",
      expect = Expect.ACCEPTABLE,
      desc = "both see each other; the caller steps out")
  @Outcome(
      id = "0, 0",
      expect = Expect.FORBIDDEN,
      desc = "the caller is in and nobody waits for it")
  @State
  public static class Handshake extends Guarded {
    private final GateCell cell = new GateCell(new Thread());
    private volatile boolean closed;

    /** Steps in as {@link Gate#enter} does: without a fence of its own. */
    @Actor
    public void caller(II_Result r) {
      cell.stepIn();
      r.r1 = closed ? 1 : 0;
    }

    /** Closes as {@link Gate#block} does. */
    @Actor
    public void closer(II_Result r) {
      closed = true;
      if (ProcessBarrier.AVAILABLE) {
        ProcessBarrier.run();
      }
      r.r2 = GateCell.inside(cell.seen()) ? 1 : 0;
    }
  }

  /** A call reads twice what the closer changes twice while nobody is inside. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "the call came first")
  @Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "the call waited, or came later")
  @Outcome(expect = Expect.FORBIDDEN, desc = "the call saw the exchange under way")
  @State
  public static class CallAndExchange extends Guarded {
    private int engine;

    /** Calls. */
    @Actor
    public void caller(II_Result r) {
      GateCell cell = gate.enter(nobody);
      try {
        r.r1 = engine;
        r.r2 = engine;
      } finally {
        gate.leave(cell);
      }
    }

    /** Exchanges. */
    @Actor
    public void closer() {
      close(() -> {
        engine = 1;
        engine = 2;
      });
    }
  }

  /** What a call wrote is seen by the exchange after it, and the other way round. */
  @JCStressTest
  @Outcome(id = "0, 1, 1", expect = Expect.ACCEPTABLE, desc = "the call came first and is seen")
  @Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "the exchange came first and is seen")
  @Outcome(expect = Expect.FORBIDDEN, desc = "both missed each other, or met")
  @State
  public static class Visibility extends Guarded {
    private int fromCall;
    private int fromExchange;

    /** Calls. */
    @Actor
    public void caller(III_Result r) {
      GateCell cell = gate.enter(nobody);
      try {
        r.r1 = fromExchange;
        fromCall = 1;
      } finally {
        gate.leave(cell);
      }
    }

    /** Exchanges. */
    @Actor
    public void closer(III_Result r) {
      close(() -> {
        r.r2 = fromCall;
        fromExchange = 1;
      });
    }

    /** Whether nobody is inside. */
    @Arbiter
    public void end(III_Result r) {
      r.r3 = gate.isInside() ? 0 : fromCall & fromExchange;
    }
  }

  /** A call that nests another inside while the gate closes: the inner one passes. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "both levels came first")
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "both came later")
  @Outcome(expect = Expect.FORBIDDEN, desc = "the exchange came between, or a level hangs")
  @State
  public static class NestedCall extends Guarded {
    private int engine;

    /** Calls, and calls again from inside. */
    @Actor
    public void caller(II_Result r) {
      GateCell outer = gate.enter(nobody);
      try {
        r.r1 = engine;
        GateCell inner = gate.enter(outer);
        try {
          r.r2 = engine;
        } finally {
          gate.leave(inner);
        }
      } finally {
        gate.leave(outer);
      }
    }

    /** Exchanges. */
    @Actor
    public void closer() {
      close(() -> engine = 1);
    }
  }

  /** A mark waits only for calls that had begun, and what they wrote is seen then. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "had begun at the mark; was waited for")
  @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "had not begun, and did not write yet")
  @Outcome(
      id = "1, 0",
      expect = Expect.ACCEPTABLE,
      desc = "began after the look; wrote before the end")
  @Outcome(id = "0, 1", expect = Expect.FORBIDDEN, desc = "had begun and was not waited for")
  @State
  public static class MarkAndCall extends Guarded {
    private volatile boolean begun;
    private int written;

    /** Calls. */
    @Actor
    public void caller() {
      GateCell cell = gate.enter(nobody);
      try {
        begun = true;
        written = 1;
      } finally {
        gate.leave(cell);
      }
    }

    /** Marks and waits; r1: what the call wrote, r2: whether the call had begun before. */
    @Actor
    public void marker(II_Result r) {
      boolean before = begun;
      gate.awaitElapsed(gate.mark(), System.nanoTime() + PATIENCE);
      r.r1 = written;
      r.r2 = before ? 1 : 0;
    }
  }
}
