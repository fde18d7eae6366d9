package trace.ranges;

import java.util.Map;
import trace.tool.BadLineException;

/** The protections and flags of {@code mmap} as {@code strace} prints them, by name or number. */
final class MapArguments {
  /** Linux's values, for {@code strace -X raw}. */
  private static final Map<String, Integer> PROTECTIONS =
      Map.of("PROT_READ", 1, "PROT_WRITE", 2, "PROT_EXEC", 4, "PROT_NONE", 0);

  private static final int SHARED = 0x01;
  private static final int FIXED = 0x10;
  private static final int ANONYMOUS = 0x20;

  private static final Map<String, Integer> FLAGS =
      Map.of(
          "MAP_SHARED", SHARED,
          "MAP_SHARED_VALIDATE", SHARED,
          "MAP_FIXED", FIXED,
          "MAP_FIXED_NOREPLACE", FIXED,
          "MAP_ANONYMOUS", ANONYMOUS,
          "MAP_ANON", ANONYMOUS);

  private MapArguments() {}

  /** Returns the sum of {@link RangeEvent#READ} and so on. */
  static int protection(String text) throws BadLineException {
    if (text.isEmpty() || !(text.startsWith("PROT_") || Character.isDigit(text.charAt(0)))) {
      throw new BadLineException("the protection is neither PROT_... nor a number");
    }
    return bits(plain(text), PROTECTIONS) & 7;
  }

  /** Returns whether the range is placed at the address that is asked for. */
  static boolean isFixed(String flags) throws BadLineException {
    return (flags(flags) & FIXED) != 0;
  }

  /** Returns {@link RangeEvent#SHARED} and {@link RangeEvent#FILE} as the flags say. */
  static int kind(String flags) throws BadLineException {
    int bits = flags(flags);
    return ((bits & SHARED) != 0 ? RangeEvent.SHARED : 0)
        | ((bits & ANONYMOUS) != 0 ? 0 : RangeEvent.FILE);
  }

  private static int flags(String text) throws BadLineException {
    if (text.isEmpty() || !(text.startsWith("MAP_") || Character.isDigit(text.charAt(0)))) {
      throw new BadLineException("the flags are neither MAP_... nor a number");
    }
    return bits(plain(text), FLAGS);
  }

  /** {@code strace -X verbose} prints the names in a comment behind the number. */
  private static String plain(String text) {
    int comment = text.indexOf(" /*");
    return comment < 0 ? text : text.substring(0, comment);
  }

  private static int bits(String text, Map<String, Integer> names) throws BadLineException {
    int bits = 0;
    for (String name : text.split("\\|", -1)) {
      Integer known = names.get(name);
      bits |= known == null ? number(name) : known;
    }
    return bits;
  }

  /** A number, or the name of a flag that does not matter here: 0. */
  private static int number(String text) throws BadLineException {
    if (text.isEmpty()) {
      throw new BadLineException("a flag is missing");
    }
    if (!Character.isDigit(text.charAt(0))) {
      return 0;
    }
    try {
      return Integer.decode(text.split("<", 2)[0]);
    } catch (NumberFormatException e) {
      BadLineException failure = new BadLineException("flag " + text + " is not a number");
      failure.initCause(e);
      throw failure;
    }
  }
}
