package kernel.swap;

import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A thread that makes the calls of an exchange into providers, so that one that never returns can
 * be left behind. Used by one thread at a time.
 */
final class Worker implements AutoCloseable {
  private static final int DEPTH = 10; // frames of a hanging call that are shown

  private final LinkedBlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile boolean lost;

  Worker(String name) {
    thread = Thread.ofPlatform().daemon().name(name).start(this::serve);
  }

  private void serve() {
    try {
      while (!lost) {
        work.take().run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the end
    }
  }

  /** {@return the thread that makes the calls} */
  Thread thread() {
    return thread;
  }

  /** {@return whether a call never returned, so that this worker is of no use any more} */
  boolean isLost() {
    return lost;
  }

  /**
   * Makes a call.
   *
   * @param what what it is, for messages
   * @param limitNanos how long it may take
   * @throws HungException if it takes longer; it is interrupted and left behind
   */
  <T> T call(String what, long limitNanos, Supplier<T> action) {
    if (lost) {
      throw new HungException(what + " was not tried: the worker is lost in an earlier call");
    }
    FutureTask<T> task = new FutureTask<>(action::get);
    work.add(task);
    long deadline = System.nanoTime() + limitNanos;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true; // an exchange is called off by its limits, not by halves
        }
      }
    } catch (ExecutionException e) {
      throw unwrapped(e);
    } catch (TimeoutException e) {
      throw hung(what, limitNanos);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException unwrapped(ExecutionException e) {
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    return e.getCause() instanceof RuntimeException failure
        ? failure
        : new IllegalStateException("an unexpected exception", e.getCause());
  }

  private HungException hung(String what, long limitNanos) {
    lost = true;
    String stack =
        Arrays.stream(thread.getStackTrace())
            .limit(DEPTH)
            .map(frame -> "\n    at " + frame)
            .collect(Collectors.joining());
    thread.interrupt();
    return new HungException(
        "%s did not return in %d ms; it is left behind%s"
            .formatted(what, TimeUnit.NANOSECONDS.toMillis(limitNanos), stack));
  }

  @Override
  public void close() {
    lost = true;
    thread.interrupt();
  }
}
