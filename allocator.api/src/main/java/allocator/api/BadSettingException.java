package allocator.api;

/** A setting whose name or value is not accepted; the message says what is. */
public class BadSettingException extends AllocatorException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message names the values involved
   */
  public BadSettingException(String message) {
    super(message);
  }
}
