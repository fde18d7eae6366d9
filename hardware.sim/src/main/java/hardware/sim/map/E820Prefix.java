package hardware.sim.map;

import hardware.api.map.MapSection;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The word in front of an E820 line, which says who made the map, and the rest of that line.
 *
 * @param section the map the line belongs to
 * @param rest the text after the colon, stripped
 */
record E820Prefix(MapSection section, String rest) {
  /** BIOS-e820, BIOS-e801, BIOS-88, BIOS-EFI; with room for what OCR makes of the letters. */
  private static final Pattern FIRMWARE =
      Pattern.compile("\\bB\\w{2,3}-(?:[eE]8\\w{1,2}|88|EFI)\\s*:\\s*(.*)$");

  /** Everyday words count only in front of a range. */
  private static final Pattern OTHERS =
      Pattern.compile(
          "(?:^|\\s)(user|modified|extended|reserve setup_data|Xen)\\s*:\\s*"
              + "(\\[\\s*(?:mem|gap)\\b.*|(?:0x)?[0-9a-fA-F]{8,16}\\s*[-@].*)$");

  /** The prefix of the line; empty if it has none. */
  static Optional<E820Prefix> of(String text) {
    Matcher firmware = FIRMWARE.matcher(text);
    if (firmware.find()) {
      return Optional.of(new E820Prefix(MapSection.BIOS, firmware.group(1).strip()));
    }
    Matcher others = OTHERS.matcher(text);
    return others.find()
        ? Optional.of(new E820Prefix(section(others.group(1)), others.group(2).strip()))
        : Optional.empty();
  }

  private static MapSection section(String word) {
    return switch (word) {
      case "user" -> MapSection.USER;
      case "Xen" -> MapSection.BIOS;
      default -> MapSection.MODIFIED;
    };
  }
}
