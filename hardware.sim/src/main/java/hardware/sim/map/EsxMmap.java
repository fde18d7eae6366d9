package hardware.sim.map;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * EFI maps as VMware's boot loader logs them: {@code MMap[26]: 0x71496000 - 0x7149ffff len=40960,
 * type=7, attr=0xf}, ends inclusive, length in decimal.
 */
final class EsxMmap implements LineFormat {
  private static final Pattern LIKE = Pattern.compile("^\\s*MMap\\[\\d+\\]:.*$");
  private static final Pattern LINE =
      Pattern.compile(
          "^\\s*MMap\\[\\d+\\]:\\s*"
              + Hex.PREFIXED
              + "\\s*-\\s*"
              + Hex.PREFIXED
              + "\\s+len=(\\d{1,18}),\\s*type=(\\d{1,9})\\b.*$");

  @Override
  public String title() {
    return "EFI (ESXi loader)";
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
    return m.matches()
        ? LineReading.checked(
            Extent.inclusive(Hex.parse(m.group(1)), Hex.parse(m.group(2))),
            TypeNames.efi(Long.parseLong(m.group(4))),
            Long.parseLong(m.group(3)))
        : new LineReading.Broken("0x.. - 0x.. len=N, type=N expected");
  }
}
