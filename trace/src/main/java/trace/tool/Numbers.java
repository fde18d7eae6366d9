package trace.tool;

import java.util.Map;

/** Numbers as the tools print them. */
final class Numbers {
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final long MOST_SECONDS = Long.MAX_VALUE / NANOS_PER_SECOND - 1;
  private static final int NANO_DIGITS = 9;

  /** What stands for the null pointer. */
  private static final Map<String, Long> NULLS = Map.of("NULL", 0L, "(nil)", 0L, "nil", 0L);

  private Numbers() {}

  /** Returns a number from 0 to 2^63 - 1: decimal, or hexadecimal with {@code 0x}, or a null. */
  static long unsigned(String text, String what) throws BadLineException {
    Long nothing = NULLS.get(text);
    if (nothing != null) {
      return nothing;
    }
    boolean hexadecimal = text.startsWith("0x") || text.startsWith("0X");
    return parse(hexadecimal ? text.substring(2) : text, hexadecimal ? 16 : 10, what);
  }

  /** Returns 64 bits in hexadecimal digits, with or without {@code 0x}; may be negative. */
  static long bits(String text, String what) throws BadLineException {
    String digits = text.startsWith("0x") ? text.substring(2) : text;
    check(!digits.isEmpty() && isAlphanumeric(digits), text, what);
    try {
      return Long.parseUnsignedLong(digits, 16);
    } catch (NumberFormatException e) {
      throw bad(text, what, e);
    }
  }

  /** Returns the nanoseconds of seconds with a fraction, as in {@code 12.000345}. */
  static long nanos(String text, String what) throws BadLineException {
    int dot = text.indexOf('.');
    String whole = dot < 0 ? text : text.substring(0, dot);
    String fraction = dot < 0 ? "" : text.substring(dot + 1);
    long seconds = parse(whole, 10, what);
    if (seconds > MOST_SECONDS || fraction.length() > NANO_DIGITS) {
      throw new BadLineException(what + " is not a time in seconds");
    }
    String padded = fraction + "0".repeat(NANO_DIGITS - fraction.length());
    return seconds * NANOS_PER_SECOND + parse(padded, 10, what);
  }

  static boolean isDecimal(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static long parse(String digits, int radix, String what) throws BadLineException {
    check(!digits.isEmpty() && isAlphanumeric(digits), digits, what);
    try {
      return Long.parseLong(digits, radix);
    } catch (NumberFormatException e) {
      throw bad(digits, what, e);
    }
  }

  /** The JDK also takes signs and the digits of other scripts. */
  private static boolean isAlphanumeric(String text) {
    return text.chars().allMatch(c -> c < 128 && Character.isLetterOrDigit(c));
  }

  private static void check(boolean good, String text, String what) throws BadLineException {
    if (!good) {
      throw new BadLineException(what + (text.isEmpty() ? " is missing" : " is not a number"));
    }
  }

  private static BadLineException bad(String text, String what, NumberFormatException cause) {
    String reason = text.length() > 15 ? " is not a number, or too large" : " is not a number";
    BadLineException failure = new BadLineException(what + reason);
    failure.initCause(cause);
    return failure;
  }
}
