package kernel.slot;

/** Who is told when an engine throws what no engine may throw. */
@FunctionalInterface
public interface Rescue {
  /** Nobody: the exception goes to the client. */
  Rescue NONE = (slot, failed, cause) -> false;

  /**
   * Replaces the engine if it still serves.
   *
   * @param slot where it serves; the calling thread is outside of its gate
   * @param failed the binding that was called
   * @param cause what came out of the call
   * @return true if another engine serves now, so that the call can be made again
   */
  boolean replace(Slot<?, ?> slot, Binding<?> failed, Throwable cause);
}
