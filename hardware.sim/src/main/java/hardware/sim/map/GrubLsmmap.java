package hardware.sim.map;

import hardware.api.map.MemoryType;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The output of GRUB's {@code lsmmap}: {@code base_addr = 0x100000, length = 0x1fee0000, available
 * RAM}.
 */
final class GrubLsmmap implements LineFormat {
  private static final Pattern LIKE = Pattern.compile("^\\s*base_addr\\s*=.*$");
  private static final Pattern LINE =
      Pattern.compile(
          "^\\s*base_addr\\s*=\\s*"
              + Hex.PREFIXED
              + "\\s*,\\s*length\\s*=\\s*"
              + Hex.PREFIXED
              + "\\s*,\\s*(\\S.*?)\\s*$");

  @Override
  public String title() {
    return "GRUB lsmmap";
  }

  @Override
  public LineReading read(String text) {
    if (!LIKE.matcher(text).matches()) {
      return LineReading.FOREIGN;
    }
    Matcher m = LINE.matcher(text);
    return m.matches()
        ? typed(Extent.sized(Hex.parse(m.group(1)), Hex.parse(m.group(2))), m.group(3))
        : new LineReading.Broken("base_addr = 0x.., length = 0x.., TYPE expected");
  }

  private static LineReading typed(Extent extent, String text) {
    MemoryType type = type(text.replaceAll("\\s+", " "));
    return type == MemoryType.DEVICE
        ? new LineReading.Broken("unknown memory type \"" + text + "\"")
        : LineReading.firmware(extent, new TypeNames.Named(type, text));
  }

  /** The type, or DEVICE, which lsmmap never prints, for text that it does not print either. */
  private static MemoryType type(String text) {
    return switch (text) {
      case "available RAM" -> MemoryType.USABLE;
      case "reserved RAM" -> MemoryType.RESERVED;
      case "ACPI reclaimable RAM" -> MemoryType.ACPI_DATA;
      case "ACPI non-volatile storage RAM" -> MemoryType.ACPI_NVS;
      case "faulty RAM (BadRAM)" -> MemoryType.UNUSABLE;
      case "RAM holding coreboot tables", "RAM holding firmware code" -> MemoryType.RESERVED;
      case "persistent RAM", "persistent RAM (legacy)" -> MemoryType.PERSISTENT;
      default ->
          text.matches("unknown type 0?x?[0-9a-f]+") ? MemoryType.UNKNOWN : MemoryType.DEVICE;
    };
  }
}
