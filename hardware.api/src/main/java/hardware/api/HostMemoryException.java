package hardware.api;

import allocator.api.AllocatorException;

/** The host could not supply memory that the simulated machine needs; names place and remedy. */
public class HostMemoryException extends AllocatorException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was wanted, from which file system, what was left, what to do
   */
  public HostMemoryException(String message) {
    super(message);
  }
}
