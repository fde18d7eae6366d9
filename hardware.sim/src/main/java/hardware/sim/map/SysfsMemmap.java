package hardware.sim.map;

import hardware.api.map.MemoryType;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The directories of {@code /sys/firmware/memmap} as one line each, with index, start, inclusive
 * end and type: {@code 0 0x0 0x9fbff System RAM}. They hold the map as firmware gave it.
 */
final class SysfsMemmap implements LineFormat {
  private static final Pattern LIKE = Pattern.compile("^\\s*\\d+\\s+0x\\w+\\s+0x\\w+\\s+\\S.*$");
  private static final Pattern LINE =
      Pattern.compile("^\\s*\\d+\\s+" + Hex.PREFIXED + "\\s+" + Hex.PREFIXED + "\\s+(\\S.*)$");

  @Override
  public String title() {
    return "/sys/firmware/memmap";
  }

  @Override
  public Rank rank() {
    return Rank.E820;
  }

  @Override
  public LineReading read(String text) {
    if (!LIKE.matcher(text).matches()) {
      return LineReading.FOREIGN;
    }
    Matcher m = LINE.matcher(text);
    if (!m.matches()) {
      return new LineReading.Broken("index, two hexadecimal addresses and a type expected");
    }
    TypeNames.Named named = TypeNames.resource(m.group(3));
    return named.type() == MemoryType.DEVICE
        ? new LineReading.Broken("unknown memory type \"" + m.group(3) + "\"")
        : LineReading.firmware(
            Extent.inclusive(Hex.parse(m.group(1)), Hex.parse(m.group(2))), named);
  }
}
