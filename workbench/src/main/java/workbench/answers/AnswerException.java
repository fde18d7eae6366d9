package workbench.answers;

/** An answer cannot be written: its text and its figures do not fit, or the experiment failed. */
public final class AnswerException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  AnswerException(String place, String message) {
    super(place + ": " + message);
  }
}
