package verify;

/** A bundle cannot be verified; the message says why and what to do. */
public final class VerifyException extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * Makes a reason.
   *
   * @param message what is wrong and what to do
   */
  public VerifyException(String message) {
    super(message);
  }
}
