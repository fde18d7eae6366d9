package kernel.slot;

import allocator.api.AllocatorException;
import hardware.api.HostMemoryException;
import hardware.api.PageFault;

/** Whose fault an exception is. */
final class Faults {
  private Faults() {}

  /**
   * {@return whether an exception out of an engine's call says that the engine is broken, and not
   * that the caller or the host is}
   */
  static boolean isProviders(Throwable thrown) {
    if (thrown instanceof ContractViolation) {
      return true;
    }
    return !(thrown instanceof AllocatorException // misuse, damage, a tier below without provider
        || thrown instanceof IllegalArgumentException // the contract's answer to a bad argument
        || thrown instanceof PageFault
        || thrown instanceof HostMemoryException
        || thrown instanceof OutOfMemoryError);
  }

  /** Throws what was caught, which is unchecked. */
  static RuntimeException rethrow(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) thrown;
  }
}
