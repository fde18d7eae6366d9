package kernel.api;

import allocator.api.AllocatorException;

/** An exchange that cannot be made as asked; nothing has changed. The message says why. */
public class SwapRefusedException extends AllocatorException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message names the values involved and the remedy
   */
  public SwapRefusedException(String message) {
    super(message);
  }
}
