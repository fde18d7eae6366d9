package kernel.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.TierVacantException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class GateTest {
  private static final long LONG = TimeUnit.SECONDS.toNanos(20);
  private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(20);

  private final Gate gate = new Gate("test", 200);

  private static long in(long nanos) {
    return System.nanoTime() + nanos;
  }

  /** A thread that enters, says so, and leaves when told. */
  private CompletableFuture<Void> visitor(CountDownLatch inside, CountDownLatch leave) {
    return CompletableFuture.runAsync(() -> {
      GateCell cell = gate.enter(gate.ownCell());
      inside.countDown();
      try {
        leave.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      } finally {
        gate.leave(cell);
      }
    });
  }

  @Test
  void shouldWaitForThoseInsideAndHoldThoseWhoCome() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    CompletableFuture<Void> early = visitor(inside, leave);
    inside.await();
    gate.acquire();
    gate.block(null);
    assertTrue(gate.awaitQuiet(in(SHORT)).isPresent());
    CountDownLatch late = new CountDownLatch(1);
    CompletableFuture<Void> other = visitor(late, new CountDownLatch(0));
    leave.countDown();
    assertEquals(Optional.empty(), gate.awaitQuiet(in(LONG)));
    early.get();
    assertFalse(late.await(30, TimeUnit.MILLISECONDS));
    gate.open();
    gate.release();
    other.get(20, TimeUnit.SECONDS);
  }

  @Test
  void shouldNameWhoDoesNotLeave() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    CompletableFuture<Void> early = visitor(inside, leave);
    inside.await();
    GateBusyException busy =
        assertThrows(GateBusyException.class, () -> gate.whenQuiet(SHORT, () -> true));
    assertTrue(String.valueOf(busy.getMessage()).contains("CountDownLatch.await"), busy.toString());
    leave.countDown();
    early.get();
    assertTrue(gate.whenQuiet(LONG, () -> true));
  }

  @Test
  void shouldWaitOnlyForCallsThatHadBegunAtTheMark() throws Exception {
    CountDownLatch leave = new CountDownLatch(1);
    CountDownLatch inside = new CountDownLatch(1);
    gate.acquire();
    Gate.Mark before = gate.mark();
    CompletableFuture<Void> later = visitor(inside, leave);
    inside.await();
    assertEquals(Optional.empty(), gate.awaitElapsed(before, in(LONG)));
    assertTrue(gate.awaitElapsed(gate.mark(), in(SHORT)).isPresent());
    gate.release();
    leave.countDown();
    later.get();
  }

  @Test
  void shouldLetANestedCallPassAClosedGate() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch nest = new CountDownLatch(1);
    CompletableFuture<Void> nesting =
        CompletableFuture.runAsync(() -> {
          GateCell outer = gate.enter(gate.ownCell());
          inside.countDown();
          try {
            nest.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          gate.leave(gate.enter(outer));
          gate.leave(outer);
        });
    inside.await();
    gate.acquire();
    gate.block(null);
    nest.countDown();
    assertEquals(Optional.empty(), gate.awaitQuiet(in(LONG)));
    gate.open();
    gate.release();
    nesting.get();
  }

  @Test
  void shouldLetTheCloserAndItsHelperPass() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CompletableFuture<Boolean> passed = new CompletableFuture<>();
    Thread helper =
        Thread.ofPlatform()
            .start(() -> {
              try {
                go.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              gate.leave(gate.enter(gate.ownCell()));
              passed.complete(true);
            });
    gate.acquire();
    gate.block(helper);
    gate.leave(gate.enter(gate.ownCell()));
    go.countDown();
    assertTrue(passed.get(20, TimeUnit.SECONDS));
    gate.open();
    gate.release();
  }

  @Test
  void shouldThrowWhenVacantAfterTheWaitAndLetPassWhenSomebodyComes() {
    gate.acquire();
    gate.block(null);
    gate.vacate();
    gate.release();
    long begun = System.nanoTime();
    TierVacantException vacant =
        assertThrows(TierVacantException.class, () -> gate.enter(gate.ownCell()));
    assertTrue(System.nanoTime() - begun >= TimeUnit.MILLISECONDS.toNanos(200));
    assertTrue(String.valueOf(vacant.getMessage()).contains("200 ms"), vacant.toString());
    assertFalse(gate.isInside());
    CompletableFuture<Void> waiting =
        CompletableFuture.runAsync(() -> gate.leave(gate.enter(gate.ownCell())));
    gate.acquire();
    gate.open();
    gate.release();
    waiting.join();
  }

  @Test
  void shouldThrowAtOnceWhenEnded() {
    gate.acquire();
    gate.block(null);
    gate.end();
    gate.release();
    assertThrows(TierVacantException.class, () -> gate.enter(gate.ownCell()));
    assertTrue(gate.hasEnded());
  }

  @Test
  void shouldRefuseACloserThatIsInside() {
    GateCell cell = gate.enter(gate.ownCell());
    assertThrows(IllegalStateException.class, gate::acquire);
    gate.leave(cell);
  }

  @Test
  void shouldLeaveAVacantGateVacantAfterALookBehindIt() {
    gate.acquire();
    gate.block(null);
    gate.vacate();
    gate.release();
    assertEquals(7, gate.whenQuiet(LONG, () -> 7));
    assertThrows(TierVacantException.class, () -> gate.enter(gate.ownCell()));
  }

  /**
   * Two plain counters that every call moves together: whoever looks with nobody inside sees them
   * equal.
   */
  private static final class Pair {
    long one;
    long other;
  }

  @Test
  void shouldNeverShowACloserAHalfDoneCall() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    List<Pair> pairs = new ArrayList<>();
    List<CompletableFuture<Void>> callers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Pair pair = new Pair();
      pairs.add(pair);
      callers.add(
          CompletableFuture.runAsync(() -> {
            GateCell cell = gate.ownCell();
            while (!stop.get()) {
              cell = gate.enter(cell);
              pair.one++;
              Thread.onSpinWait();
              pair.other++;
              gate.leave(cell);
            }
          }));
    }
    for (int i = 0; i < 2000; i++) {
      gate.whenQuiet(
          LONG,
          () -> {
            for (Pair pair : pairs) {
              assertEquals(pair.one, pair.other);
            }
            return true;
          });
    }
    stop.set(true);
    for (CompletableFuture<Void> caller : callers) {
      caller.get();
    }
  }
}
