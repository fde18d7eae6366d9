package kernel.slot;

import allocator.api.AllocatorException;

/** A provider was caught breaking its contract; the message names the call and what was wrong. */
public class ContractViolation extends AllocatorException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message names the call, the values and the clause
   */
  public ContractViolation(String message) {
    super(message);
  }
}
