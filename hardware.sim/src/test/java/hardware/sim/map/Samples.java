package hardware.sim.map;

import hardware.api.map.FirmwareMap;
import hardware.api.map.MapEntry;
import hardware.api.map.MapException;
import hardware.api.map.MapOptions;
import hardware.api.map.MapSection;
import hardware.api.map.MemoryType;
import hardware.api.map.RangeShape;
import hardware.api.map.SanitisedMap;
import hardware.api.map.UsableSpan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** What the tests of this package share: sample files, and short ways to make and show maps. */
final class Samples {
  static final SimFirmwareMaps MAPS = new SimFirmwareMaps();

  private Samples() {}

  /** Lines of a file under {@code src/test/resources/maps}. */
  static List<String> lines(String name) {
    try (var in = Samples.class.getResourceAsStream("/maps/" + name)) {
      byte[] bytes = Objects.requireNonNull(in, name).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The map in a sample file. */
  static FirmwareMap file(String name) {
    return MAPS.read(name, lines(name), MapOptions.DEFAULTS);
  }

  /** The map in the given lines. */
  static FirmwareMap text(String... lines) {
    return MAPS.read("test", List.of(lines), MapOptions.DEFAULTS);
  }

  /** The exception that the given lines cause. */
  static MapException refusal(String... lines) {
    try {
      throw new AssertionError("read without complaint: " + text(lines));
    } catch (MapException e) {
      return e;
    }
  }

  /** The sanitised form with default options. */
  static SanitisedMap sane(FirmwareMap map) {
    return MAPS.sanitise(map, MapOptions.DEFAULTS);
  }

  /** A map of the given entries. */
  static FirmwareMap of(MapEntry... entries) {
    return of(false, List.of(entries));
  }

  /** A map of the given entries, of EFI types or not. */
  static FirmwareMap of(boolean efi, List<MapEntry> entries) {
    return new FirmwareMap("test", "test", efi, MapSection.BIOS, entries, List.of(), List.of(), "");
  }

  /** An entry with an inclusive end, whatever its shape. */
  static MapEntry entry(int line, long first, long last, MemoryType type) {
    Extent extent = Extent.inclusive(first, last);
    return new MapEntry(
        extent.first(), extent.last(), extent.shape(), type, type.label(), line, line, "text");
  }

  /** An entry that runs past 2^64. */
  static MapEntry overflowing(int line, long first, MemoryType type) {
    return new MapEntry(first, -1, RangeShape.OVERFLOWING, type, type.label(), line, line, "text");
  }

  /** The usable spans as text: hexadecimal, end exclusive, separated by blanks. */
  static String spans(SanitisedMap map) {
    return show(map.usable());
  }

  /** Spans as text. */
  static String show(List<UsableSpan> spans) {
    return spans.stream()
        .map(s -> Long.toHexString(s.start()) + "-" + Long.toHexString(s.end()))
        .collect(Collectors.joining(" "));
  }

  /** Spans with their nodes as text. */
  static String showNodes(List<UsableSpan> spans) {
    return spans.stream()
        .map(s -> s.node() + ":" + Long.toHexString(s.start()) + "-" + Long.toHexString(s.end()))
        .collect(Collectors.joining(" "));
  }
}
