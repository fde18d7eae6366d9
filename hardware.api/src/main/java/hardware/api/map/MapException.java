package hardware.api.map;

/**
 * Thrown when an input holds no firmware map that can be trusted. The message names the input, the
 * line and its text, the reason, and what the reader can do about it.
 */
public final class MapException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The input. */
  private final String input;

  /** The line's number, or 0. */
  private final int line;

  /** The line's text, or nothing. */
  private final String text;

  /** What is wrong. */
  private final String reason;

  /** What to do about it. */
  private final String remedy;

  /**
   * An error in the given input.
   *
   * @param input file name, or whatever names the input to its user
   * @param line number of the offending line, from 1; 0 if the whole input is meant
   * @param text text of that line; empty if the whole input is meant
   * @param reason what is wrong, as a clause
   * @param remedy what to do about it, as a clause
   */
  public MapException(String input, int line, String text, String reason, String remedy) {
    super(describe(input, line, text, reason, remedy));
    this.input = input;
    this.line = line;
    this.text = text;
    this.reason = reason;
    this.remedy = remedy;
  }

  private static String describe(
      String input, int line, String text, String reason, String remedy) {
    String where = line == 0 ? input : input + ":" + line;
    String quoted = text.isEmpty() ? "" : "\n  | " + text;
    return where + ": " + reason + quoted + "\n  " + remedy;
  }

  /** {@return name of the input} */
  public String input() {
    return input;
  }

  /** {@return number of the offending line, from 1; 0 if the whole input is meant} */
  public int line() {
    return line;
  }

  /** {@return text of the offending line; empty if the whole input is meant} */
  public String text() {
    return text;
  }

  /** {@return what is wrong} */
  public String reason() {
    return reason;
  }

  /** {@return what the reader can do about it} */
  public String remedy() {
    return remedy;
  }
}
