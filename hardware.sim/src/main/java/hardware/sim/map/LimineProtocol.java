package hardware.sim.map;

import hardware.api.map.MemoryType;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The map of the Limine boot protocol as its test kernels print it: {@code base: 0x52000, type: 0,
 * length: 0x4d000}. What the loader keeps (types 5 and 6) is not usable: the kernel stands in it.
 */
final class LimineProtocol implements LineFormat {
  private static final Pattern HEADER = Pattern.compile("^\\s*Amount of entries:\\s*\\d+");
  private static final Pattern LIKE = Pattern.compile("^\\s*base:\\s*0x.*\\btype:.*$");
  private static final Pattern LINE =
      Pattern.compile(
          "^\\s*base:\\s*"
              + Hex.PREFIXED
              + ",\\s*type:\\s*(?:0x)?([0-9a-fA-F]{1,4}),\\s*length:\\s*"
              + Hex.PREFIXED
              + "\\b.*$");
  private static final MemoryType[] TYPES = {
    MemoryType.USABLE,
    MemoryType.RESERVED,
    MemoryType.ACPI_DATA,
    MemoryType.ACPI_NVS,
    MemoryType.UNUSABLE,
    MemoryType.BOOTLOADER,
    MemoryType.BOOTLOADER,
    MemoryType.DEVICE
  };

  @Override
  public String title() {
    return "Limine protocol";
  }

  @Override
  public LineReading read(String text) {
    if (!LIKE.matcher(text).matches()) {
      return HEADER.matcher(text).lookingAt() ? new LineReading.Header() : LineReading.FOREIGN;
    }
    Matcher m = LINE.matcher(text);
    if (!m.matches()) {
      return new LineReading.Broken("base: 0x.., type: N, length: 0x.. expected");
    }
    int type = Integer.parseInt(m.group(2), 16);
    MemoryType meaning = type < TYPES.length ? TYPES[type] : MemoryType.UNKNOWN;
    return LineReading.firmware(
        Extent.sized(Hex.parse(m.group(1)), Hex.parse(m.group(3))),
        new TypeNames.Named(meaning, "type " + type));
  }
}
