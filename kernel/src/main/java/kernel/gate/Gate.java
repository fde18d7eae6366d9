package kernel.gate;

import allocator.api.TierVacantException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What every call to a slot passes. While the gate is open a call costs two stores to a cell of its
 * own thread and one load; an exchange closes the gate and waits until nobody is inside.
 *
 * <h2>What both sides assume and get</h2>
 *
 * Callers:
 *
 * <ol>
 *   <li>put each call between {@link #enter} and {@link #leave}, with the cell that {@code enter}
 *       returned, on one thread, whatever the call throws;
 *   <li>read what the gate guards (the slot's binding) after {@code enter} and do not keep it;
 *   <li>may call again while inside, from the same thread: a nested call passes a closed gate;
 *   <li>may have to wait in {@code enter}, so they hold no lock that the closer needs.
 * </ol>
 *
 * A closer:
 *
 * <ol>
 *   <li>is alone: closers wait for each other;
 *   <li>is not inside the gate itself;
 *   <li>opens the gate again, whatever happens.
 * </ol>
 *
 * Guarantees:
 *
 * <ol>
 *   <li>After {@link #block} and a successful {@link #awaitQuiet} no caller is inside and none
 *       comes in before {@link #open}, except the closer and its helper thread.
 *   <li>What callers wrote before they left is visible to the closer; what the closer wrote before
 *       {@code open} is visible to every later caller.
 *   <li>{@link #awaitElapsed} waits only for calls that had begun when {@link #mark} was called, so
 *       it ends although new calls keep coming.
 *   <li>A caller that waits is released by {@code open}; at a vacant gate it waits for as long as
 *       was set, at an ended one not at all, and then gets a {@link TierVacantException}.
 * </ol>
 *
 * {@snippet :
 * GateCell cell = gate.enter(hint);
 * try {
 *   return binding.engine().allocate(cpu, bytes);
 * } finally {
 *   gate.leave(cell);
 * }
 * }
 */
public final class Gate {
  /*
   * The handshake is Dekker's: a caller stores "inside" and then loads "closed"; the closer stores
   * "closed" and then loads every "inside". Each needs its store to be visible before its load. A
   * fence in each call would cost more than all the rest, so the closer has the fence of all callers
   * executed for them: membarrier(2) makes every running thread pass one. Any call that stored before
   * that barrier is seen by the closer; any call that stores after it sees the gate closed. The
   * compiler keeps the two apart, since HotSpot does not reorder opaque accesses among each other.
   * Where there is no such system call each entry has its own fence.
   *
   * A cell belongs to a thread and not to a port, because only threads are ever inside, can nest, and
   * have a stack to show. A port remembers the cell of the thread that used it last, so finding it is
   * one comparison; a thread-local look-up comes in only when a port changes hands.
   */
  private static final int SPINS = 200; // a call is some ten to hundred nanoseconds long
  private static final long PAUSE_NANOS = 20_000;

  private static final int SAME_REQUEST = 10; // what comes within a tenth of the wait belongs to it

  private enum Mode {
    OPEN,
    CLOSED,
    VACANT,
    ENDED
  }

  private static final VarHandle CLOSED;

  static {
    try {
      CLOSED = MethodHandles.lookup().findVarHandle(Gate.class, "closed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final String name;
  private final long vacantWaitNanos;
  private final List<GateCell> cells = new CopyOnWriteArrayList<>();
  private final ThreadLocal<GateCell> own = ThreadLocal.withInitial(this::register);
  private final ReentrantLock closers = new ReentrantLock();
  private final Object opened = new Object();

  // Read by every call; its neighbours are written at swaps only.
  private boolean closed;
  private volatile Mode mode = Mode.OPEN;
  private volatile @Nullable Thread closer;
  private volatile @Nullable Thread helper;

  /**
   * Makes an open gate.
   *
   * @param name what it leads to, for messages, such as {@code heap}
   * @param vacantWaitMillis how long a caller waits for a provider while there is none
   */
  public Gate(String name, long vacantWaitMillis) {
    this.name = name;
    this.vacantWaitNanos = TimeUnit.MILLISECONDS.toNanos(vacantWaitMillis);
  }

  private GateCell register() {
    cells.removeIf(cell -> !cell.owner.isAlive());
    GateCell cell = new GateCell(Thread.currentThread());
    cells.add(cell);
    return cell;
  }

  /** {@return the cell of the calling thread} */
  public GateCell ownCell() {
    return own.get();
  }

  /**
   * Enters.
   *
   * @param hint the cell that was used last; looked up anew if it is another thread's
   * @return the calling thread's cell, for {@link #leave}
   * @throws TierVacantException if the tier has no provider and got none in time, or has ended; the
   *     caller is outside then
   */
  public GateCell enter(GateCell hint) {
    GateCell cell = hint.owner == Thread.currentThread() ? hint : own.get();
    if (cell.depth++ == 0) {
      cell.stepIn();
      if ((boolean) CLOSED.getAcquire(this)) {
        admit(cell);
      }
    }
    return cell;
  }

  /**
   * Leaves.
   *
   * @param cell what {@link #enter} returned
   */
  public void leave(GateCell cell) {
    if (--cell.depth == 0) {
      cell.stepOut();
    }
  }

  // The caller stands inside at a closed gate: it steps out and waits, or passes as part of the
  // swap.
  private void admit(GateCell cell) {
    if (passes(cell.owner)) {
      return;
    }
    try {
      do {
        cell.stepOut();
        awaitOpening(cell);
        cell.stepIn();
        VarHandle.fullFence();
      } while ((boolean) CLOSED.getAcquire(this));
    } catch (TierVacantException e) {
      cell.depth--;
      throw e;
    }
  }

  private boolean passes(Thread thread) {
    return thread == closer || thread == helper;
  }

  private void awaitOpening(GateCell cell) {
    long deadline = deadlineFor(cell);
    boolean interrupted = false;
    synchronized (opened) {
      while (mode != Mode.OPEN) {
        try {
          awaitChange(deadline);
        } catch (InterruptedException e) {
          interrupted =
              true; // a call to an allocator is not interruptible; whoever made it may care
        } catch (TierVacantException e) {
          cell.hasGivenUp = true;
          cell.gaveUp = System.nanoTime();
          restore(interrupted);
          throw e;
        }
      }
    }
    restore(interrupted);
  }

  // One request of a heap may ask a vacant tier below for this and then for less: it waits once.
  private long deadlineFor(GateCell cell) {
    long now = System.nanoTime();
    boolean again = cell.hasGivenUp && now - cell.gaveUp < vacantWaitNanos / SAME_REQUEST;
    return again ? now : now + vacantWaitNanos;
  }

  private static void restore(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // the loop is in awaitOpening
  private void awaitChange(long deadline) throws InterruptedException {
    switch (mode) {
      case ENDED -> throw new TierVacantException(name + ": the system has been closed");
      case VACANT -> {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new TierVacantException(
              "%s: there is no provider, and none came in %d ms; install or start one"
                  .formatted(name, TimeUnit.NANOSECONDS.toMillis(vacantWaitNanos)));
        }
        opened.wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
      }
      default -> opened.wait();
    }
  }

  // -------------------------------------------------------------------------------------- closers

  /**
   * Makes the calling thread the closer; others wait.
   *
   * @throws IllegalStateException if it is inside the gate, where it would wait for itself
   */
  public void acquire() {
    if (own.get().depth != 0) {
      throw new IllegalStateException(
          name + ": a call to this tier is under way in this very thread");
    }
    closers.lock();
  }

  /** Ends what {@link #acquire} began; the gate is as the closer left it. */
  public void release() {
    closers.unlock();
  }

  /** Who was inside at a moment. */
  public static final class Mark {
    private final List<GateCell> cells;
    private final long[] seen;

    Mark(List<GateCell> cells) {
      this.cells = cells;
      this.seen = cells.stream().mapToLong(GateCell::seen).toArray();
    }
  }

  /** {@return a note of who is inside now, for {@link #awaitElapsed}} */
  public Mark mark() {
    return new Mark(List.copyOf(cells));
  }

  /**
   * Waits until every call that had begun at a mark has ended.
   *
   * @param mark what {@link #mark} returned
   * @param deadline of {@link System#nanoTime}
   * @return the thread that is still inside, if it took too long
   */
  public Optional<Thread> awaitElapsed(Mark mark, long deadline) {
    for (int i = 0; i < mark.seen.length; i++) {
      GateCell cell = mark.cells.get(i);
      if (GateCell.inside(mark.seen[i]) && !awaitExit(cell, mark.seen[i], deadline)) {
        return Optional.of(cell.owner);
      }
    }
    return Optional.empty();
  }

  /**
   * Closes the gate: new outer calls wait from here on.
   *
   * @param assistant another thread that passes the closed gate like the caller, or null
   */
  public void block(@Nullable Thread assistant) {
    requireCloser();
    closer = Thread.currentThread();
    helper = assistant;
    mode = Mode.CLOSED;
    CLOSED.setVolatile(this, true);
    if (ProcessBarrier.AVAILABLE) {
      ProcessBarrier.run();
    }
  }

  private void requireCloser() {
    if (!closers.isHeldByCurrentThread()) {
      throw new IllegalStateException(name + ": the calling thread is not the closer");
    }
  }

  /**
   * Waits until nobody is inside but the closer and its helper.
   *
   * @param deadline of {@link System#nanoTime}
   * @return the thread that is still inside, if it took too long
   */
  public Optional<Thread> awaitQuiet(long deadline) {
    for (GateCell cell : cells) {
      long seen = cell.seen();
      if (GateCell.inside(seen) && !passes(cell.owner) && !awaitExit(cell, seen, deadline)) {
        return Optional.of(cell.owner);
      }
    }
    return Optional.empty();
  }

  // One exit is enough: with the gate closed there is no other entry.
  private static boolean awaitExit(GateCell cell, long since, long deadline) {
    for (int spins = 0; cell.seen() == since; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else if (System.nanoTime() - deadline > 0) {
        return false;
      } else {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    return true;
  }

  /** Opens the gate and releases those who wait. */
  public void open() {
    change(Mode.OPEN, false);
  }

  /** Leaves the gate closed for want of a provider: callers wait for as long as was set. */
  public void vacate() {
    change(Mode.VACANT, true);
  }

  /** Closes the gate for ever: callers get an exception. */
  public void end() {
    change(Mode.ENDED, true);
  }

  private void change(Mode next, boolean shut) {
    requireCloser();
    synchronized (opened) {
      mode = next;
      closer = null;
      helper = null;
      CLOSED.setVolatile(this, shut);
      opened.notifyAll();
    }
    if (shut && ProcessBarrier.AVAILABLE) {
      ProcessBarrier.run();
    }
  }

  /**
   * Does something while nobody is inside, and leaves the gate as it was.
   *
   * @param limitNanos how long to wait for those inside
   * @param action what to do; it may call the tier
   * @return what the action returns
   * @throws GateBusyException if somebody is still inside; nothing was done
   */
  public <T> T whenQuiet(long limitNanos, Supplier<T> action) {
    acquire();
    try {
      return closers.getHoldCount() > 1 ? action.get() : blockAndDo(limitNanos, action);
    } finally {
      release();
    }
  }

  private <T> T blockAndDo(long limitNanos, Supplier<T> action) {
    Mode before = mode;
    block(null);
    try {
      Optional<Thread> busy = awaitQuiet(System.nanoTime() + limitNanos);
      if (busy.isPresent()) {
        throw new GateBusyException(name, busy.get());
      }
      return action.get();
    } finally {
      change(before, before != Mode.OPEN);
    }
  }

  /** {@return whether the gate was closed for ever} */
  public boolean hasEnded() {
    return mode == Mode.ENDED;
  }

  /** {@return whether the calling thread is inside} */
  public boolean isInside() {
    return own.get().depth != 0;
  }
}
