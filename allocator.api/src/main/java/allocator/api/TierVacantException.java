package allocator.api;

/** Nobody serves the tier at this moment and none came in the time a caller waits. */
public class TierVacantException extends AllocatorException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message names the values involved
   */
  public TierVacantException(String message) {
    super(message);
  }
}
