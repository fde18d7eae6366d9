package tck;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Something that runs once and is let go of as it begins.
 *
 * <p>A thread that has ended keeps what it ran, and Felix' class loaders keep threads that once
 * loaded a class: what holds on to a provider must not hang on a thread.
 */
public final class Once implements Runnable {
  private final AtomicReference<@Nullable Runnable> body;

  /**
   * Wraps.
   *
   * @param body what to run
   */
  public Once(Runnable body) {
    this.body = new AtomicReference<>(body);
  }

  @Override
  public void run() {
    Objects.requireNonNull(body.getAndSet(null), "it ran before").run();
  }
}
