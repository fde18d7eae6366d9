package trace.tool;

/** A line, or a field of one, that is not what its tool prints. The message says what is wrong. */
public final class BadLineException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Creates an exception with a reason such as {@code "pfn is not a number"}. */
  public BadLineException(String reason) {
    super(reason);
  }

  /** Returns what is wrong. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
