package hardware.sim;

import allocator.api.Settings;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The shape of one array of a TLB.
 *
 * @param sets a power of two; 0 if there is no such array
 * @param ways entries of each set, at least 1
 */
record TlbShape(int sets, int ways) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,5})[xX](\\d{1,3})");
  private static final int MOST_SETS = 1 << 16;

  /**
   * Reads a shape.
   *
   * @param settings where from
   * @param key the setting, {@code SETSxWAYS}
   * @param otherwise the shape when the setting is absent
   */
  static TlbShape of(Settings settings, String key, TlbShape otherwise) {
    String text = settings.text(key, "").strip();
    if (text.isEmpty()) {
      return otherwise;
    }
    Matcher matcher = TEXT.matcher(text);
    if (matcher.matches()) {
      int sets = Integer.parseInt(matcher.group(1));
      int ways = Integer.parseInt(matcher.group(2));
      if (Integer.bitCount(sets) <= 1 && sets <= MOST_SETS && ways >= 1) {
        return new TlbShape(sets, ways);
      }
    }
    throw settings.bad(
        key, text, "SETSxWAYS such as 16x4, the sets a power of two, or 0x1 for none");
  }

  @Override
  public String toString() {
    return sets == 0 ? "none" : counted(sets, "set") + " x " + counted(ways, "way");
  }

  private static String counted(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
