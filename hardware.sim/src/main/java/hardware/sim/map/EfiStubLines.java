package hardware.sim.map;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * EFI maps as Linux on Arm, RISC-V and LoongArch prints them, the range in front of the boxed type:
 * {@code efi: 0x000000001000-0x00000007ffff [Conventional Memory| | |WB| | | ]}, ends inclusive.
 */
final class EfiStubLines implements LineFormat {
  private static final Pattern LIKE = Pattern.compile("^.*\\befi:\\s+(0x\\S+\\s*-\\s*\\S+.*)$");
  private static final Pattern LINE =
      Pattern.compile(
          "^" + Hex.PREFIXED + "\\s*-\\s*" + Hex.PREFIXED + "\\s*\\[([^\\[\\]]*)\\]?\\*?.*$");

  @Override
  public String title() {
    return "EFI (dmesg, Arm style)";
  }

  @Override
  public boolean efi() {
    return true;
  }

  @Override
  public LineReading read(String text) {
    Matcher like = LIKE.matcher(text);
    if (!text.contains("efi:") || !like.matches()) {
      return LineReading.FOREIGN;
    }
    Matcher m = LINE.matcher(like.group(1));
    return m.matches()
        ? EfiRange.boxed(
            EfiRange.extent(Hex.parse(m.group(1)), Hex.parse(m.group(2)), true),
            m.group(3),
            List.of())
        : new LineReading.Broken("0xSTART-0xEND [TYPE|ATTRIBUTES] expected");
  }
}
