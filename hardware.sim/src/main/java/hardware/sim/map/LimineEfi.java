package hardware.sim.map;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * EFI maps as boot loaders list them with a size in MiB: {@code 0x06a9f000 - 0x06aaf000 (16.0 MiB
 * BOOT_SERVICES_CODE)}, ends exclusive.
 */
final class LimineEfi implements LineFormat {
  private static final Pattern LIKE =
      Pattern.compile("^\\s*0x\\w{1,18}\\s+-\\s+0x\\w{1,18}\\s+\\(.*$");
  private static final Pattern LINE =
      Pattern.compile(
          "^\\s*"
              + Hex.PREFIXED
              + "\\s+-\\s+"
              + Hex.PREFIXED
              + "\\s+\\([0-9.]+ [KMG]i?B ([A-Za-z_ ]+)\\)\\s*$");

  @Override
  public String title() {
    return "EFI (boot loader list)";
  }

  @Override
  public boolean efi() {
    return true;
  }

  @Override
  public LineReading read(String text) {
    if (!LIKE.matcher(text).matches()) {
      return LineReading.FOREIGN;
    }
    Matcher m = LINE.matcher(text);
    if (!m.matches()) {
      return new LineReading.Broken("0xSTART - 0xEND (SIZE MiB TYPE) expected");
    }
    Optional<TypeNames.Named> named = TypeNames.efi(m.group(3));
    return named.isPresent()
        ? LineReading.firmware(
            Extent.halfOpen(Hex.parse(m.group(1)), Hex.parse(m.group(2))), named.get())
        : new LineReading.Broken("unknown EFI memory type \"" + m.group(3) + "\"");
  }
}
