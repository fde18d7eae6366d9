package hardware.sim.map;

import hardware.api.map.MapSection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * EFI maps as Linux on x86 and ia64 prints them with {@code efi=debug}.
 *
 * <pre>
 * efi: mem00: [Conventional Memory|   |  |WB|] range=[0x0000000000000000-0x0000000000000fff] (0MB)
 * efi: mem19: [Boot Data          |   |  |WB|] range=[0x00000000abba0000-0x00000000abc1b000) (0MB)
 * EFI: mem00: type=7, attr=0xf, range=[0x0000000000000000-0x000000000008f000) (0MB)
 * </pre>
 *
 * <p>Kernels until 4.3 printed exclusive ends, later ones inclusive ends; {@link EfiRange} tells
 * them apart.
 */
final class EfiMemLines implements LineFormat {
  private static final Pattern HEADER = Pattern.compile("Processing EFI memory map");
  private static final Pattern LIKE =
      Pattern.compile("^(?:.*\\b(?:efi|EFI):)?\\s*mem\\d{1,4}:\\s*(.*)$");
  private static final Pattern FIRST = Pattern.compile("(?:^|:)\\s*mem0+:");
  private static final String RANGE =
      "range=\\s*\\[\\s*" + Hex.PREFIXED + "\\s*-\\s*" + Hex.PREFIXED + "\\s*([\\])])";
  private static final String SIZE = "(?:\\s*\\(\\s*(\\d{1,15})\\s*([KMGT])B\\s*\\))?.*$";
  private static final Pattern BOXED =
      Pattern.compile("^\\[([^\\[\\]]*)\\]\\s*,?\\s*" + RANGE + SIZE);
  private static final Pattern NUMBERED =
      Pattern.compile("^type=\\s*(\\d{1,9}),\\s*attr=\\s*0x[0-9a-fA-F]+,\\s*" + RANGE + SIZE);

  @Override
  public String title() {
    return "EFI (dmesg)";
  }

  @Override
  public boolean efi() {
    return true;
  }

  /** A kernel lists the map anew when it enters virtual mode. */
  @Override
  public boolean restarts(String text) {
    return FIRST.matcher(text).find();
  }

  @Override
  public LineReading read(String text) {
    Matcher like = LIKE.matcher(text);
    if (!text.contains("mem") || !like.matches()) {
      return HEADER.matcher(text).find() ? new LineReading.Header() : LineReading.FOREIGN;
    }
    Matcher boxed = BOXED.matcher(like.group(1));
    if (boxed.matches()) {
      return EfiRange.boxed(extent(boxed), boxed.group(1), contradictions(boxed));
    }
    Matcher numbered = NUMBERED.matcher(like.group(1));
    return numbered.matches()
        ? numbered(numbered)
        : new LineReading.Broken("[TYPE|ATTRIBUTES] range=[0x..-0x..] expected");
  }

  private static LineReading numbered(Matcher m) {
    TypeNames.Named named = TypeNames.efi(Long.parseLong(m.group(1)));
    return new LineReading.Range(
        MapSection.BIOS, extent(m), named.type(), named.text(), contradictions(m));
  }

  private static Extent extent(Matcher m) {
    return EfiRange.extent(Hex.parse(m.group(2)), Hex.parse(m.group(3)), m.group(4).equals("]"));
  }

  private static List<String> contradictions(Matcher m) {
    return m.group(5) == null
        ? List.of()
        : EfiRange.contradictions(extent(m), m.group(5), m.group(6));
  }
}
