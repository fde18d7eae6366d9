package allocator.api;

/** The root of what an allocator throws. Exhaustion is not among them: it is a returned value. */
public class AllocatorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message names the values involved
   */
  public AllocatorException(String message) {
    super(message);
  }

  /**
   * Makes the exception for something that failed.
   *
   * @param message names the values involved
   * @param cause what failed
   */
  public AllocatorException(String message, Throwable cause) {
    super(message, cause);
  }
}
