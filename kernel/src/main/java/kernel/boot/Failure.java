package kernel.boot;

import java.util.Arrays;

/** What a provider threw, in a line. */
public final class Failure {
  /** What to do about it. */
  public static final String REMEDY =
      "the stack trace stands in the log above; mend it and build it again";

  private Failure() {}

  /** {@return the innermost cause and where it was thrown} */
  public static String text(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String at =
        Arrays.stream(cause.getStackTrace())
            .filter(frame -> !frame.getClassName().startsWith("java."))
            .findFirst()
            .map(frame ->
                " at %s.%s(%s:%d)"
                    .formatted(
                        frame.getClassName(),
                        frame.getMethodName(),
                        frame.getFileName(),
                        frame.getLineNumber()))
            .orElse("");
    return cause + at;
  }
}
