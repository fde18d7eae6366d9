package kernel.api;

import allocator.api.AllocatorException;

/** A system that cannot be booted as asked; the message names what is missing and what there is. */
public class BootException extends AllocatorException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message names the values involved and the remedy
   */
  public BootException(String message) {
    super(message);
  }
}
