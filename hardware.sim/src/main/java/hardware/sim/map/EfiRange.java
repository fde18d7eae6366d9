package hardware.sim.map;

import hardware.api.map.MapSection;
import hardware.api.map.MemoryType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the kernel's EFI lines have in common: whether an end is inclusive, and what the boxed
 * attributes add to the type.
 */
final class EfiRange {
  private static final long EFI_PAGE_MASK = 0xfff;

  private EfiRange() {}

  /**
   * The range of a line whose bracket says one convention and whose end address may say the other.
   * EFI ranges consist of whole pages, so an end of ...000 is exclusive and one of ...fff
   * inclusive; the bracket decides only for ends that are neither.
   *
   * @param inclusiveBracket whether the line closes its range with {@code ]}
   */
  static Extent extent(long first, long end, boolean inclusiveBracket) {
    long offset = end & EFI_PAGE_MASK;
    boolean inclusive =
        offset == EFI_PAGE_MASK || (offset != 0 && inclusiveBracket) || (end == 0 && first == 0);
    return inclusive ? Extent.inclusive(first, end) : Extent.halfOpen(first, end);
  }

  /**
   * The reading of a range with a boxed type such as {@code Boot Data |RUN| |WB|}. Memory with the
   * SP attribute is set aside for a specific purpose, whatever its type says.
   */
  static LineReading boxed(Extent extent, String box, List<String> contradictions) {
    int bar = box.indexOf('|');
    String word = (bar < 0 ? box : box.substring(0, bar)).strip();
    Optional<TypeNames.Named> named = named(word);
    if (named.isEmpty()) {
      return new LineReading.Broken("unknown EFI memory type \"" + word + "\"");
    }
    MemoryType type = named.get().type();
    boolean special = type == MemoryType.USABLE && box.matches(".*\\|\\s*SP\\s*\\|.*");
    return new LineReading.Range(
        MapSection.BIOS,
        extent,
        special ? MemoryType.SOFT_RESERVED : type,
        special ? word + " SP" : word,
        contradictions);
  }

  private static Optional<TypeNames.Named> named(String word) {
    return word.matches("type[ =]\\d{1,9}")
        ? Optional.of(TypeNames.efi(Long.parseLong(word.substring(5))))
        : TypeNames.efi(word);
  }

  /**
   * Where the size in parentheses contradicts the range. The kernel rounds down to whole units, so
   * anything up to one unit more is no contradiction.
   *
   * @param stated the number in parentheses; empty if the line has none
   * @param unit its unit: K, M, G or T
   */
  static List<String> contradictions(Extent extent, String stated, String unit) {
    List<String> found = new ArrayList<>();
    if (!stated.isEmpty() && extent.size() >>> shift(unit) != Long.parseLong(stated)) {
      found.add(
          "range has " + extent.size() + " bytes, the line says " + stated + " " + unit + "B");
    }
    return found;
  }

  private static int shift(String unit) {
    return switch (unit) {
      case "K" -> 10;
      case "G" -> 30;
      case "T" -> 40;
      default -> 20;
    };
  }
}
