package hardware.sim.map;

import hardware.api.map.MemoryType;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The output of {@code displaymem} in GRUB4DOS and GRUB legacy: {@code Usable RAM: Base: 0x 100000,
 * Length: 0xB39BE000, End: 0xB3ABE000}, digits padded with blanks, ends exclusive.
 */
final class Grub4Dos implements LineFormat {
  private static final Pattern LIKE =
      Pattern.compile("^\\s*(\\w[\\w ]*?)\\s*:\\s*Base( Address)?:\\s.*$");
  private static final String PADDED = "0x\\s*([0-9a-fA-F]{1,16})";
  private static final Pattern LINE =
      Pattern.compile(
          "^\\s*(\\w[\\w ]*?)\\s*:\\s*Base(?: Address)?:\\s*"
              + PADDED
              + "\\s*,\\s*Length:\\s*"
              + PADDED
              + "\\s*,\\s*End:\\s*"
              + PADDED
              + "\\s*$");

  @Override
  public String title() {
    return "GRUB4DOS displaymem";
  }

  @Override
  public LineReading read(String text) {
    if (!LIKE.matcher(text).matches()) {
      return LineReading.FOREIGN;
    }
    Matcher m = LINE.matcher(text);
    if (!m.matches()) {
      return new LineReading.Broken("TYPE: Base: 0x.., Length: 0x.., End: 0x.. expected");
    }
    MemoryType type = m.group(1).equals("Usable RAM") ? MemoryType.USABLE : MemoryType.RESERVED;
    long start = Hex.parse(m.group(2));
    return LineReading.checked(
        Extent.sized(start, Hex.parse(m.group(3))),
        new TypeNames.Named(type, m.group(1)),
        Hex.parse(m.group(4)) - start);
  }
}
