package allocator.api;

/**
 * The answer of an allocator that cannot take over or hand over in the form asked for. Normal; it
 * changes nothing.
 */
public class TransferRefusedException extends AllocatorException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message names the values involved
   */
  public TransferRefusedException(String message) {
    super(message);
  }
}
