package trace;

import java.io.IOException;

/**
 * A trace that cannot be read, with what a user needs to mend it: the file, the line (numbered from
 * 1; 0 if no single line is at fault), that line's text, the reason and a remedy. The message holds
 * all of them.
 */
public final class TraceException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final long line;
  private final String text;
  private final String reason;
  private final String remedy;

  /**
   * Creates an exception about one line, or about the whole file.
   *
   * @param file name of the file as the user gave it
   * @param line line number from 1, or 0 for the whole file
   * @param text the line, made printable and cut to a readable length; empty for the whole file
   * @param reason what is wrong
   * @param remedy what to do about it
   */
  public TraceException(String file, long line, String text, String reason, String remedy) {
    super(message(file, line, text, reason, remedy));
    this.file = file;
    this.line = line;
    this.text = text;
    this.reason = reason;
    this.remedy = remedy;
  }

  /** Returns the name of the file. */
  public String file() {
    return file;
  }

  /** Returns the number of the line from 1, or 0 if the whole file is at fault. */
  public long line() {
    return line;
  }

  /** Returns the text of the line, printable, possibly cut; empty if the whole file is at fault. */
  public String text() {
    return text;
  }

  /** Returns what is wrong. */
  public String reason() {
    return reason;
  }

  /** Returns what the user can do about it. */
  public String remedy() {
    return remedy;
  }

  private static String message(String file, long line, String text, String reason, String remedy) {
    StringBuilder message = new StringBuilder(file);
    if (line > 0) {
      message.append(':').append(line);
    }
    message.append(": ").append(reason);
    if (line > 0) {
      message.append(": \"").append(text).append('"');
    }
    return message.append(" (").append(remedy).append(')').toString();
  }
}
