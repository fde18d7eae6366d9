package hardware.sim.map;

import hardware.api.map.MapSection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * E820 maps as Linux prints them.
 *
 * <pre>
 * since 3.6    BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable      end inclusive
 * since 7.0    BIOS-e820: [gap 0x00000000000a0000-0x00000000000effff]             states no range
 * until 3.5    BIOS-e820: 0000000000000000 - 000000000009fc00 (usable)            end exclusive
 * until 2.2    BIOS-e820: 0009fc00 @ 00000000 (usable)                            length @ start
 * </pre>
 *
 * <p>The two later styles differ in their end convention, and the brackets tell them apart.
 */
final class E820Lines implements LineFormat {
  private static final Pattern HEADER =
      Pattern.compile(
          "(?:BIOS-provided|user-defined|extended|modified|e820) physical RAM map|"
              + "e820: .*physical RAM map|[Mm]odified physical RAM map");
  private static final Pattern NEW =
      Pattern.compile("^\\[\\s*mem\\s+" + pair(Hex.PREFIXED) + "\\s*\\]\\s*(.*)$");
  private static final Pattern GAP =
      Pattern.compile("^\\[\\s*gap\\s+" + pair(Hex.PREFIXED) + "\\s*\\].*$");
  private static final Pattern OLD = Pattern.compile("^" + pair(Hex.NUMBER) + "\\s*(.*)$");
  private static final Pattern OLDEST =
      Pattern.compile("^" + Hex.NUMBER + "\\s*@\\s*" + Hex.NUMBER + "\\s*(.*)$");

  private static String pair(String number) {
    return number + "\\s*-\\s*" + number;
  }

  @Override
  public String title() {
    return "E820 (dmesg)";
  }

  @Override
  public Rank rank() {
    return Rank.E820;
  }

  @Override
  public LineReading read(String text) {
    Optional<E820Prefix> prefix = E820Prefix.of(text);
    if (prefix.isPresent()) {
      return range(prefix.get());
    }
    return text.contains("RAM map") && HEADER.matcher(text).find()
        ? new LineReading.Header()
        : LineReading.FOREIGN;
  }

  private static LineReading range(E820Prefix prefix) {
    String rest = prefix.rest();
    if (GAP.matcher(rest).matches()) {
      return LineReading.REMARK;
    }
    Matcher m = NEW.matcher(rest);
    if (m.matches()) {
      return typed(prefix.section(), Extent.inclusive(first(m), second(m)), m.group(3));
    }
    m = OLD.matcher(rest);
    if (m.matches()) {
      return typed(prefix.section(), Extent.halfOpen(first(m), second(m)), m.group(3));
    }
    m = OLDEST.matcher(rest);
    return m.matches()
        ? typed(prefix.section(), Extent.sized(second(m), first(m)), m.group(3))
        : new LineReading.Broken("no range of hexadecimal addresses after the prefix");
  }

  private static long first(Matcher m) {
    return Hex.parse(m.group(1));
  }

  private static long second(Matcher m) {
    return Hex.parse(m.group(2));
  }

  private static LineReading typed(MapSection section, Extent extent, String text) {
    Optional<TypeNames.Named> named = TypeNames.e820(text);
    if (named.isPresent()) {
      TypeNames.Named n = named.get();
      return new LineReading.Range(section, extent, n.type(), n.text(), List.of());
    }
    return new LineReading.Broken(
        text.isEmpty() ? "no memory type after the range" : "unknown memory type \"" + text + "\"");
  }
}
