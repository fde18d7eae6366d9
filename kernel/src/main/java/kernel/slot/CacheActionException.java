package kernel.slot;

import allocator.api.AllocatorException;

/** A client's constructor or destructor of cached objects failed; no provider is to blame. */
public class CacheActionException extends AllocatorException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message names the cache, the action and the object
   * @param cause what the action threw
   */
  public CacheActionException(String message, Throwable cause) {
    super(message, cause);
  }
}
