package shell.lint;

import java.util.Locale;

/** Text for a terminal of 80 columns: aligned sizes, wrapped sentences. */
final class Columns {
  /** The narrowest terminal that reports are made for. */
  static final int WIDTH = 80;

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Columns() {}

  /** The bytes in the largest unit that leaves at least 1, with one decimal unless it is whole. */
  static String size(long bytes) {
    int unit = bytes <= 0 ? 0 : (63 - Long.numberOfLeadingZeros(bytes)) / 10;
    double value = Math.scalb((double) bytes, -10 * unit);
    boolean whole = Long.numberOfTrailingZeros(bytes) >= 10 * unit;
    return String.format(Locale.ROOT, whole ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
  }

  /** The address with 0x and all sixteen digits, so that columns of addresses line up. */
  static String address(long address) {
    return String.format(Locale.ROOT, "0x%016x", address);
  }

  /** The text after {@code lead}, wrapped at blanks, further lines indented to where it began. */
  static String wrapped(String lead, String text) {
    StringBuilder out = new StringBuilder(lead);
    int column = lead.length();
    for (String word : text.split(" ", -1)) {
      if (column > lead.length() && column + 1 + word.length() > WIDTH) {
        out.append('\n').repeat(' ', lead.length());
        column = lead.length();
      } else if (column > lead.length()) {
        out.append(' ');
        column++;
      }
      out.append(word);
      column += word.length();
    }
    return out.append('\n').toString();
  }

  /** The text behind {@code lead} on one line, cut with a mark if it does not fit. */
  static String clipped(String lead, String text) {
    int room = WIDTH - lead.length();
    String shown = text.length() <= room ? text : text.substring(0, room - 3) + "...";
    return lead + shown + "\n";
  }
}
