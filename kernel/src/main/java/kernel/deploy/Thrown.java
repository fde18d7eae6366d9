package kernel.deploy;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Stack traces in a line. */
final class Thrown {
  private static final String CAUSED = "Caused by: ";
  private static final String AT = "\tat ";

  private static final Pattern MISSING =
      Pattern.compile("^java\\.lang\\.(NoClassDefFoundError|ClassNotFoundException)");

  /** What to do about an exception of a component. */
  static final String REMEDY =
      "mend it and build it again; QUARRY_OPTS=-Dds.loglevel=1 shows the stack trace";

  private Thrown() {}

  /**
   * {@return the innermost cause of a stack trace and the line of a bundle where it was thrown}
   *
   * @param trace as {@link Throwable#printStackTrace()} has it
   * @param type a class of the bundle, for its package
   */
  static String cause(String trace, String type) {
    List<String> lines = trace.lines().toList();
    int start = 0;
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(CAUSED)) {
        start = i;
      }
    }
    if (lines.isEmpty()) {
      return "an exception that is not known any more";
    }
    String thrown = lines.get(start);
    String cause = thrown.startsWith(CAUSED) ? thrown.substring(CAUSED.length()) : thrown;
    // Of a cause that was thrown where the outer one was, the trace has no line of its own.
    return cause
        + place(lines.subList(start, lines.size()), type)
            .or(() -> place(lines, type))
            .map(place -> " at " + place)
            .orElse("");
  }

  /** {@return what to do about a cause} */
  static String remedy(String cause) {
    if (cause.contains("Constructor not found")) {
      return "give the class a public constructor without parameters, or one with @Activate";
    }
    return MISSING.matcher(cause).find()
        ? "put the library of that class into the jar, or import its package without"
            + " resolution:=optional"
        : REMEDY;
  }

  private static Optional<String> place(List<String> lines, String type) {
    String root = type.contains(".") ? type.substring(0, type.lastIndexOf('.')) : type;
    return lines.stream()
        .filter(line -> line.startsWith(AT) && line.contains(root + "."))
        .findFirst()
        .map(line -> line.substring(AT.length()).replaceFirst("^.*/", ""));
  }
}
