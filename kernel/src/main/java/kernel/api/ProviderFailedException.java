package kernel.api;

import allocator.api.AllocatorException;

/** A provider that threw where it should have opened an allocator; the cause is what it threw. */
public class ProviderFailedException extends AllocatorException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception for a provider that threw nothing.
   *
   * @param message names the provider, its bundle and what it did
   */
  public ProviderFailedException(String message) {
    super(message);
  }

  /**
   * Makes the exception.
   *
   * @param message names the provider, its bundle and what it threw
   * @param cause what it threw
   */
  public ProviderFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
