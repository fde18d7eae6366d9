package hardware.sim.map;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * E820 maps as the Xen hypervisor prints them, without a prefix of their own.
 *
 * <pre>
 * (XEN)  0000000000000000 - 000000000009a800 (usable)     until 4.14, end exclusive
 * (XEN)  [0000000000000000, 000000000009fbff] (usable)    since 4.15, end inclusive
 * </pre>
 */
final class XenE820 implements LineFormat {
  private static final Pattern HEADER = Pattern.compile("\\b[\\w-]+ RAM map:\\s*$");
  private static final String HEXISH = "[0-9A-Za-z]{16}";
  private static final Pattern LIKE =
      Pattern.compile("^\\s*(?:" + HEXISH + " - |\\[" + HEXISH + ",).*$");
  private static final Pattern OLD =
      Pattern.compile("^\\s*([0-9a-fA-F]{16}) - ([0-9a-fA-F]{16})\\s+(\\(.*)$");
  private static final Pattern NEW =
      Pattern.compile("^\\s*\\[([0-9a-fA-F]{16}),\\s*([0-9a-fA-F]{16})\\]\\s+(\\(.*)$");

  @Override
  public String title() {
    return "E820 (Xen)";
  }

  @Override
  public Rank rank() {
    return Rank.E820;
  }

  @Override
  public LineReading read(String text) {
    if (!LIKE.matcher(text).matches()) {
      return text.contains(" RAM map:") && HEADER.matcher(text).find()
          ? new LineReading.Header()
          : LineReading.FOREIGN;
    }
    Matcher old = OLD.matcher(text);
    if (old.matches()) {
      return typed(Extent.halfOpen(Hex.parse(old.group(1)), Hex.parse(old.group(2))), old.group(3));
    }
    Matcher recent = NEW.matcher(text);
    return recent.matches()
        ? typed(
            Extent.inclusive(Hex.parse(recent.group(1)), Hex.parse(recent.group(2))),
            recent.group(3))
        : new LineReading.Broken("two hexadecimal addresses and a type in parentheses expected");
  }

  private static LineReading typed(Extent extent, String text) {
    Optional<TypeNames.Named> named = TypeNames.e820(text);
    return named.isPresent()
        ? LineReading.firmware(extent, named.get())
        : new LineReading.Broken("unknown memory type " + text);
  }
}
