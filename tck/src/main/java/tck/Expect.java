package tck;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Requirements; what is not met is an {@link AssertionError} that says what was seen. */
public final class Expect {
  private Expect() {}

  /**
   * Requires that two values are equal.
   *
   * @param expected what should be
   * @param found what is
   * @param what what is compared, for the message
   */
  public static void equal(@Nullable Object expected, @Nullable Object found, String what) {
    if (!Objects.equals(expected, found)) {
      throw new AssertionError(what + ": expected " + expected + ", found " + found);
    }
  }

  /**
   * Requires a condition.
   *
   * @param condition what should hold
   * @param what what is said if it does not
   */
  public static void that(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError(what);
    }
  }

  /**
   * Requires that an action throws an exception of a type.
   *
   * @param type the exception's type
   * @param action what should throw it
   * @param what what was tried, for the message
   */
  public static void refused(Class<? extends Throwable> type, Runnable action, String what) {
    try {
      action.run();
    } catch (RuntimeException e) {
      that(type.isInstance(e), what + ": threw " + e);
      return;
    }
    throw new AssertionError(what + ": was accepted");
  }
}
