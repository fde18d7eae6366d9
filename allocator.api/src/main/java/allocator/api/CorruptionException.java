package allocator.api;

/** A broken invariant or a damaged block: the structure no longer describes the memory. */
public class CorruptionException extends AllocatorException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message names the values involved
   */
  public CorruptionException(String message) {
    super(message);
  }
}
