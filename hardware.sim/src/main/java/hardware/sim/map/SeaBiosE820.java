package hardware.sim.map;

import hardware.api.map.MemoryType;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * E820 maps as SeaBIOS lists them on its debug port: {@code 0: 0000000000000000 - 000000000009fc00
 * = 1 RAM}, ends exclusive, behind a line {@code e820 map has 8 items:}.
 */
final class SeaBiosE820 implements LineFormat {
  private static final Pattern HEADER = Pattern.compile("e820 map has \\d+ items");
  private static final Pattern LIKE =
      Pattern.compile("^\\s*\\d+:\\s+[0-9A-Za-z]{8,16} - [0-9A-Za-z]{8,16}\\b.*$");
  private static final Pattern LINE =
      Pattern.compile(
          "^\\s*\\d+:\\s+" + Hex.BARE + " - " + Hex.BARE + "\\s*=\\s*(\\d{1,9})\\b\\s*(.*)$");

  @Override
  public String title() {
    return "E820 (SeaBIOS)";
  }

  @Override
  public Rank rank() {
    return Rank.E820;
  }

  @Override
  public LineReading read(String text) {
    if (!LIKE.matcher(text).matches()) {
      return HEADER.matcher(text).find() ? new LineReading.Header() : LineReading.FOREIGN;
    }
    Matcher m = LINE.matcher(text);
    if (!m.matches()) {
      return new LineReading.Broken("START - END = NUMBER NAME expected after the index");
    }
    MemoryType type = TypeNames.e820(Integer.parseInt(m.group(3)));
    String name = m.group(4).isBlank() ? "type " + m.group(3) : m.group(4).strip();
    return LineReading.firmware(
        Extent.halfOpen(Hex.parse(m.group(1)), Hex.parse(m.group(2))),
        new TypeNames.Named(type, name));
  }
}
