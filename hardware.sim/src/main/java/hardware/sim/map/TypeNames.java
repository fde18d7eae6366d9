package hardware.sim.map;

import static hardware.api.map.MemoryType.*;

import hardware.api.map.MemoryType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the formats' words and numbers for memory types mean.
 *
 * <p>Numbers are those of the ACPI specification (E820) and of the UEFI specification ({@code
 * EFI_MEMORY_TYPE}); words are those of the Linux kernel 2.4 to 7.0, Xen, GRUB and the UEFI shell.
 */
final class TypeNames {
  /**
   * A type and the text that named it.
   *
   * @param type the meaning
   * @param text the text as written
   */
  record Named(MemoryType type, String text) {}

  /** E820 words; where one begins with another, the longer comes first. */
  private static final List<Named> E820_WORDS =
      List.of(
          new Named(USABLE, "usable"),
          new Named(USABLE, "system ram"),
          new Named(SOFT_RESERVED, "soft reserved"),
          new Named(RESERVED, "device reserved"),
          new Named(RESERVED, "reserved"),
          new Named(ACPI_DATA, "acpi data"),
          new Named(ACPI_NVS, "acpi nvs"),
          new Named(UNUSABLE, "unusable"),
          new Named(PERSISTENT, "persistent ram"),
          new Named(PERSISTENT, "persistent memory"),
          new Named(PERSISTENT, "persistent"),
          new Named(UNACCEPTED, "unaccepted memory"),
          new Named(UNACCEPTED, "unaccepted"));

  private static final MemoryType[] E820_NUMBERS = {
    UNKNOWN,
    USABLE,
    RESERVED,
    ACPI_DATA,
    ACPI_NVS,
    UNUSABLE,
    UNKNOWN,
    PERSISTENT,
    UNKNOWN,
    UNKNOWN,
    UNKNOWN,
    UNKNOWN,
    PERSISTENT
  };

  private static final MemoryType[] EFI_NUMBERS = {
    RESERVED, LOADER_CODE, LOADER_DATA, BOOT_CODE, BOOT_DATA, RUNTIME_CODE, RUNTIME_DATA, USABLE,
    UNUSABLE, ACPI_DATA, ACPI_NVS, DEVICE, DEVICE, RUNTIME_CODE, PERSISTENT, UNACCEPTED
  };

  /** EFI words with everything but letters and digits taken out. */
  private static final Map<String, MemoryType> EFI_WORDS =
      Map.ofEntries(
          Map.entry("reserved", RESERVED),
          Map.entry("reservedmemorytype", RESERVED),
          Map.entry("loadercode", LOADER_CODE),
          Map.entry("loaderdata", LOADER_DATA),
          Map.entry("bootcode", BOOT_CODE),
          Map.entry("bootdata", BOOT_DATA),
          Map.entry("bscode", BOOT_CODE),
          Map.entry("bsdata", BOOT_DATA),
          Map.entry("bootservicescode", BOOT_CODE),
          Map.entry("bootservicesdata", BOOT_DATA),
          Map.entry("runtimecode", RUNTIME_CODE),
          Map.entry("runtimedata", RUNTIME_DATA),
          Map.entry("runtimeservicescode", RUNTIME_CODE),
          Map.entry("runtimeservicesdata", RUNTIME_DATA),
          Map.entry("rtcode", RUNTIME_CODE),
          Map.entry("rtdata", RUNTIME_DATA),
          Map.entry("conventional", USABLE),
          Map.entry("conventionalmemory", USABLE),
          Map.entry("available", USABLE),
          Map.entry("unusable", UNUSABLE),
          Map.entry("unusablememory", UNUSABLE),
          Map.entry("acpireclaim", ACPI_DATA),
          Map.entry("acpireclaimmemory", ACPI_DATA),
          Map.entry("acpireclaimable", ACPI_DATA),
          Map.entry("acpirecl", ACPI_DATA),
          Map.entry("acpinvs", ACPI_NVS),
          Map.entry("acpimemnvs", ACPI_NVS),
          Map.entry("acpimemorynvs", ACPI_NVS),
          Map.entry("acpinonvolatile", ACPI_NVS),
          Map.entry("mmio", DEVICE),
          Map.entry("memmapio", DEVICE),
          Map.entry("memorymappedio", DEVICE),
          Map.entry("mmioport", DEVICE),
          Map.entry("mmioportspace", DEVICE),
          Map.entry("memportio", DEVICE),
          Map.entry("memorymappedioportspace", DEVICE),
          Map.entry("palcode", RUNTIME_CODE),
          Map.entry("persistent", PERSISTENT),
          Map.entry("perst", PERSISTENT),
          Map.entry("persistentmemory", PERSISTENT),
          Map.entry("unaccepted", UNACCEPTED),
          Map.entry("unacceptedmemory", UNACCEPTED));

  private TypeNames() {}

  /** The E820 type at the beginning of the text, in parentheses or not; empty if there is none. */
  static Optional<Named> e820(String text) {
    String bare = text.strip();
    String words = (bare.startsWith("(") ? bare.substring(1) : bare).replaceAll("\\s+", " ");
    String lower = words.toLowerCase(Locale.ROOT);
    Optional<Named> number = e820Number(lower);
    return number.isPresent()
        ? number
        : E820_WORDS.stream()
            .filter(w -> startsWithWord(lower, w.text()))
            .findFirst()
            .map(w -> new Named(w.type(), words.substring(0, w.text().length())));
  }

  private static Optional<Named> e820Number(String lower) {
    if (!lower.matches("type \\d{1,9}(?![0-9a-z]).*")) {
      return Optional.empty();
    }
    String digits = lower.substring(5).replaceFirst("\\D.*", "");
    return Optional.of(new Named(e820(Integer.parseInt(digits)), "type " + digits));
  }

  /** The meaning of an E820 type number. */
  static MemoryType e820(int number) {
    return number >= 0 && number < E820_NUMBERS.length ? E820_NUMBERS[number] : UNKNOWN;
  }

  private static boolean startsWithWord(String text, String word) {
    return text.startsWith(word)
        && (text.length() == word.length()
            || !Character.isLetterOrDigit(text.charAt(word.length())));
  }

  /** The EFI type that a word names, whatever its case and punctuation; empty if it names none. */
  static Optional<Named> efi(String word) {
    String bare = word.strip();
    String key = bare.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    return Optional.ofNullable(EFI_WORDS.get(key)).map(type -> new Named(type, bare));
  }

  /** The EFI type of the given number. */
  static Named efi(long number) {
    boolean known = number >= 0 && number < EFI_NUMBERS.length;
    return new Named(known ? EFI_NUMBERS[(int) number] : UNKNOWN, "type " + number);
  }

  /** The meaning of a name in the resource tree of Linux; anything not listed is a device. */
  static Named resource(String name) {
    String lower = name.strip().toLowerCase(Locale.ROOT);
    return new Named(resourceType(lower), name.strip());
  }

  private static MemoryType resourceType(String lower) {
    if (lower.startsWith("system ram")) {
      return lower.contains("alias") ? RESERVED : USABLE;
    }
    if (lower.startsWith("kernel ") || lower.startsWith("crash kernel")) {
      return KERNEL;
    }
    return RESOURCES.stream()
        .filter(r -> lower.startsWith(r.text()))
        .findFirst()
        .map(Named::type)
        .orElse(DEVICE);
  }

  private static final List<Named> RESOURCES =
      List.of(
          new Named(RESERVED, "reserved"),
          new Named(RESERVED, "ram buffer"),
          new Named(SOFT_RESERVED, "soft reserved"),
          new Named(ACPI_DATA, "acpi tables"),
          new Named(ACPI_NVS, "acpi non-volatile storage"),
          new Named(PERSISTENT, "persistent memory"),
          new Named(UNUSABLE, "unusable memory"),
          new Named(UNACCEPTED, "unaccepted memory"));
}
