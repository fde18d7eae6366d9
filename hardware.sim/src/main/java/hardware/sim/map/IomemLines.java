package hardware.sim.map;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The resource tree of Linux, {@code /proc/iomem}: {@code 00100000-1ffdffff : System RAM}, ends
 * inclusive, children indented by two columns. {@link IomemTree} resolves the nesting afterwards.
 */
final class IomemLines implements LineFormat {
  /** Two runs of what could be digits, also to an OCR program, and the colon. */
  private static final Pattern LIKE =
      Pattern.compile("^\\s*([0-9A-Za-z]{4,16}-[0-9A-Za-z]{4,16})\\s+:(?:\\s.*)?$");

  /** A line that was cut off within its range. */
  private static final Pattern CUT =
      Pattern.compile("^\\s*([0-9a-f]{8,16}-[0-9a-f]{0,16})\\s*:?\\s*$");

  private static final Pattern LINE =
      Pattern.compile("^\\s*([0-9a-fA-F]{1,16})-([0-9a-fA-F]{1,16})\\s+:\\s+(\\S.*)$");

  @Override
  public String title() {
    return "/proc/iomem";
  }

  @Override
  public Rank rank() {
    return Rank.RESOURCES;
  }

  @Override
  public LineReading read(String text) {
    Matcher like = LIKE.matcher(text);
    if (!(like.matches() && mostlyDigits(like.group(1))) && !CUT.matcher(text).matches()) {
      return LineReading.FOREIGN;
    }
    Matcher m = LINE.matcher(text);
    return m.matches()
        ? LineReading.firmware(extent(m), TypeNames.resource(m.group(3)))
        : new LineReading.Broken("START-END : NAME expected, in hexadecimal");
  }

  /** The kernel prints a resource without bytes, or without privilege, as 0 to 0. */
  private static Extent extent(Matcher m) {
    long first = Hex.parse(m.group(1));
    long last = Hex.parse(m.group(2));
    return first == 0 && last == 0 ? Extent.sized(0, 0) : Extent.inclusive(first, last);
  }

  private static boolean mostlyDigits(String range) {
    long digits = range.chars().filter(c -> Character.digit(c, 16) >= 0).count();
    return digits * 2 > range.length();
  }
}
