package hardware.sim.map;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The output of {@code memmap} in the UEFI shell: {@code Available
 * 0000000000001000-000000000009FFFF 000000000000009F 000000000000000F} (type, inclusive range,
 * pages of 4 KiB, attributes). The totals below it are not read.
 */
final class UefiShellMemmap implements LineFormat {
  private static final long EFI_PAGE = 4096;
  private static final Pattern HEADER = Pattern.compile("^\\s*Type\\s+Start\\s+End\\s+#\\s*Pages");
  private static final Pattern LIKE =
      Pattern.compile("^\\s*([A-Za-z][A-Za-z_]{2,10}|[0-9A-Fa-f]{8})\\s+[0-9A-Za-z]{16}\\s*-.*$");
  private static final Pattern LINE =
      Pattern.compile(
          "^\\s*(\\w+)\\s+"
              + Hex.BARE
              + "\\s*-\\s*"
              + Hex.BARE
              + "\\s+"
              + Hex.NUMBER
              + "(?:\\s+[0-9a-fA-F]{1,16})?\\s*$");

  @Override
  public String title() {
    return "UEFI shell memmap";
  }

  @Override
  public boolean efi() {
    return true;
  }

  @Override
  public LineReading read(String text) {
    if (!LIKE.matcher(text).matches()) {
      return HEADER.matcher(text).lookingAt() ? new LineReading.Header() : LineReading.FOREIGN;
    }
    Matcher m = LINE.matcher(text);
    if (!m.matches()) {
      return new LineReading.Broken("TYPE START-END PAGES ATTRIBUTES expected, in hexadecimal");
    }
    Optional<TypeNames.Named> named = named(m.group(1));
    return named.isPresent()
        ? LineReading.checked(
            Extent.inclusive(Hex.parse(m.group(2)), Hex.parse(m.group(3))),
            named.get(),
            Hex.parse(m.group(4)) * EFI_PAGE)
        : new LineReading.Broken("unknown EFI memory type \"" + m.group(1) + "\"");
  }

  /** Eight hexadecimal digits are a type number of the firmware's own, which no one else knows. */
  private static Optional<TypeNames.Named> named(String word) {
    return word.matches("[0-9A-Fa-f]{8}")
        ? Optional.of(TypeNames.efi(Hex.parse(word)))
        : TypeNames.efi(word);
  }
}
