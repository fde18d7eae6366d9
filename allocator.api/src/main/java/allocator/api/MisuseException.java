package allocator.api;

/**
 * A call that breaks the contract of the caller: a double free, a foreign address, a wrong size.
 * The allocator's state is unchanged.
 */
public class MisuseException extends AllocatorException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message names the values involved
   */
  public MisuseException(String message) {
    super(message);
  }
}
