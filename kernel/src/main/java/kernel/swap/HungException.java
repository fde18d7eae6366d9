package kernel.swap;

import allocator.api.AllocatorException;

/** A provider's call did not return in time; the message names the step and shows the stack. */
public class HungException extends AllocatorException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message names the step, the limit and the stack
   */
  public HungException(String message) {
    super(message);
  }
}
