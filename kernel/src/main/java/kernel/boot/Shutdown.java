package kernel.boot;

import org.jspecify.annotations.Nullable;

/**
 * Steps that are all taken, whatever the others do: the first failure is thrown at the end and
 * carries the later ones.
 */
final class Shutdown {
  private @Nullable RuntimeException failure;

  /** Takes a step. */
  Shutdown step(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      if (failure == null) {
        failure = e;
      } else {
        failure.addSuppressed(e);
      }
    }
    return this;
  }

  /** Throws the first failure, if there was one. */
  void end() {
    RuntimeException first = failure;
    if (first != null) {
      throw first;
    }
  }
}
