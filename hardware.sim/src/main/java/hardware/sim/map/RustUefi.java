package hardware.sim.map;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * EFI descriptors as the Rust crate {@code uefi} formats them for debugging: {@code
 * MemoryDescriptor { ty: CONVENTIONAL, ..., phys_start: 4096, ..., page_count: 159, ... }}.
 */
final class RustUefi implements LineFormat {
  private static final int EFI_PAGE_SHIFT = 12;
  private static final long MOST_PAGES = -1L >>> EFI_PAGE_SHIFT;
  private static final String NUMBER = "(0x[0-9a-fA-F]{1,16}|\\d{1,18})";
  private static final Pattern LIKE = Pattern.compile("\\bMemoryDescriptor\\s*\\{");
  private static final Pattern LINE =
      Pattern.compile(
          "\\bMemoryDescriptor\\s*\\{\\s*ty:\\s*([A-Za-z_]+|MemoryType\\(\\d{1,9}\\)),.*?"
              + "\\bphys_start:\\s*"
              + NUMBER
              + ",.*?\\bpage_count:\\s*"
              + NUMBER
              + "\\b");

  @Override
  public String title() {
    return "EFI (rust uefi)";
  }

  @Override
  public boolean efi() {
    return true;
  }

  @Override
  public LineReading read(String text) {
    if (!LIKE.matcher(text).find()) {
      return LineReading.FOREIGN;
    }
    Matcher m = LINE.matcher(text);
    if (!m.find()) {
      return new LineReading.Broken("ty, phys_start and page_count expected");
    }
    Optional<TypeNames.Named> named = named(m.group(1));
    long pages = Hex.parseEither(m.group(3));
    if (named.isEmpty() || Long.compareUnsigned(pages, MOST_PAGES) > 0) {
      return new LineReading.Broken("unknown type " + m.group(1) + " or " + pages + " pages");
    }
    return LineReading.firmware(
        Extent.sized(Hex.parseEither(m.group(2)), pages << EFI_PAGE_SHIFT), named.get());
  }

  private static Optional<TypeNames.Named> named(String word) {
    return word.startsWith("MemoryType(")
        ? Optional.of(TypeNames.efi(Long.parseLong(word.replaceAll("\\D", ""))))
        : TypeNames.efi(word);
  }
}
