package hardware.sim.map;

import hardware.api.map.Finding;
import hardware.api.map.FirmwareMap;
import hardware.api.map.FirmwareMaps;
import hardware.api.map.MapEntry;
import hardware.api.map.MapException;
import hardware.api.map.MapOptions;
import hardware.api.map.MapSection;
import hardware.api.map.MemoryType;
import hardware.api.map.NodeRange;
import hardware.api.map.RangeShape;
import hardware.api.map.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Makes a firmware map from lines: scans them, chooses one of the maps found, refuses nonsense.
 *
 * <p>A log may hold several maps. With a section asked for, the last map of that section is taken.
 * Otherwise it is the last map of the best {@linkplain LineFormat.Rank rank}: a boot log with EFI
 * debugging shows the EFI map after the E820 map that was derived from it, and a report may end
 * with {@code /proc/iomem}; the kernel worked with the E820 map. A log without any map but with
 * early node ranges (POWER, Arm) gives those.
 */
final class MapReader {
  private final String name;
  private final MapOptions options;
  private final List<Finding> findings = new ArrayList<>();

  MapReader(String name, MapOptions options) {
    this.name = name;
    this.options = options;
  }

  /**
   * Reads the map in the given input lines.
   *
   * @throws MapException if there is none that can be trusted
   */
  FirmwareMap read(List<String> lines) {
    FirmwareMap map = readMap(lines);
    List<Finding> all = new ArrayList<>(map.findings());
    all.addAll(new LinuxBoot(map, options).plan().findings());
    all.sort(Comparator.comparingInt(Finding::line));
    return map.withFindings(all);
  }

  private FirmwareMap readMap(List<String> lines) {
    if (lines.stream().allMatch(String::isBlank)) {
      throw unusable("the input is empty", "give it a log or a memory map as text");
    }
    LogScan scan = new LogScan(name, LineCleaner.clean(lines), options.lenient()).run();
    findings.addAll(scan.findings());
    if (scan.maps().isEmpty() && options.section() == MapSection.LAST) {
      return withoutMap(scan);
    }
    FoundMap chosen = choose(scan.maps());
    chosen
        .contradictions()
        .forEach(c -> warn("size-mismatch", c.line(), c.message() + "; the range counts"));
    List<MapEntry> entries = chosen.entries().stream().filter(this::credible).toList();
    describe(chosen, scan.maps(), entries);
    return map(chosen.format().title(), chosen, entries, scan);
  }

  private FirmwareMap map(String title, FoundMap chosen, List<MapEntry> entries, LogScan scan) {
    findings.sort(Comparator.comparingInt(Finding::line));
    return new FirmwareMap(
        name,
        title,
        chosen.format().efi(),
        chosen.section(),
        entries,
        scan.numa().ranges(),
        findings,
        options.commandLine().orElse(scan.commandLine()),
        scan.facts());
  }

  private FoundMap choose(List<FoundMap> maps) {
    boolean bios = options.commandLine().isPresent() && maps.stream().anyMatch(this::unchanged);
    List<FoundMap> eligible =
        maps.stream().filter(m -> wanted(m) && (!bios || unchanged(m))).toList();
    LineFormat.Rank best =
        eligible.stream()
            .map(m -> m.format().rank())
            .min(Comparator.naturalOrder())
            .orElseThrow(() -> sectionMissing(maps));
    return eligible.stream()
        .filter(m -> m.format().rank() == best)
        .max(Comparator.comparingInt(FoundMap::firstLine))
        .orElseThrow();
  }

  private boolean wanted(FoundMap map) {
    return options.section() == MapSection.LAST || map.section() == options.section();
  }

  /** Whether the map is one that another command line than the log's can be applied to. */
  private boolean unchanged(FoundMap map) {
    return wanted(map)
        && (options.section() != MapSection.LAST || map.section() == MapSection.BIOS);
  }

  private MapException sectionMissing(List<FoundMap> maps) {
    String present =
        maps.stream().map(MapReader::title).distinct().collect(Collectors.joining(", "));
    return unusable(
        "there is no " + lower(options.section()) + " map in the input",
        present.isEmpty() ? "it holds no map at all" : "it holds: " + present);
  }

  private static String title(FoundMap map) {
    return lower(map.section()) + " (" + map.format().title() + ")";
  }

  private static String lower(MapSection section) {
    return section.name().toLowerCase(java.util.Locale.ROOT);
  }

  /** Whether the entry stays; one that claims usable memory where none can be is refused. */
  private boolean credible(MapEntry entry) {
    boolean nonsense =
        entry.shape() == RangeShape.PROPER
            && entry.type().usable(true)
            && Long.compareUnsigned(entry.last(), FirmwareMaps.ADDRESS_LIMIT) >= 0;
    if (!nonsense) {
      return true;
    }
    String reason =
        "usable memory up to " + Hex.show(entry.last()) + ", beyond the 52 bits of an address";
    if (!options.lenient()) {
      throw new MapException(
          name,
          entry.line(),
          entry.text(),
          reason,
          "the line is damaged: correct it from its source, or use --lenient to leave it out");
    }
    warn("beyond-52-bits", entry.line(), reason + "; left out");
    return false;
  }

  private void describe(FoundMap chosen, List<FoundMap> maps, List<MapEntry> entries) {
    maps.stream().filter(m -> !m.equals(chosen)).forEach(this::notUsed);
    chosen.leftOut().forEach(this::madeByTheKernel);
    if (chosen.hidden()) {
      findings.add(
          new Finding(
              Severity.ERROR,
              "unprivileged",
              chosen.firstLine(),
              "all addresses are 0: the kernel hides them from ordinary users;"
                  + " read the file as root (sudo cat /proc/iomem)"));
    } else if (entries.stream().noneMatch(e -> e.type().usable(true) && e.covers())) {
      findings.add(
          new Finding(
              Severity.ERROR,
              "nothing-usable",
              0,
              "no entry is usable memory; perhaps only a part of the map was copied"));
    }
  }

  private void madeByTheKernel(MapEntry entry) {
    String message =
        "%s to %s inside System RAM is what the running kernel reserved, not firmware: usable"
            .formatted(Hex.show(entry.first()), Hex.show(entry.last()));
    findings.add(new Finding(Severity.INFO, "kernel-reserved", entry.line(), message));
  }

  private void notUsed(FoundMap other) {
    String message =
        "another map, %s, %d entries in lines %d to %d, is not used"
            .formatted(title(other), other.size(), other.firstLine(), other.lastLine());
    findings.add(new Finding(Severity.INFO, "other-map", other.firstLine(), message));
  }

  private FirmwareMap withoutMap(LogScan scan) {
    List<NodeRange> early = scan.numa().early();
    if (early.isEmpty()) {
      throw scan.broken() > 0
          ? unusable(
              "none of its " + scan.broken() + " map lines can be read",
              "copy the map as text again, from dmesg or the serial console")
          : unusable(
              "no firmware map found",
              "give it the output of dmesg, of memmap in the UEFI shell, or /proc/iomem read as"
                  + " root");
    }
    List<MapEntry> entries = early.stream().map(MapReader::entry).filter(this::credible).toList();
    findings.add(
        new Finding(
            Severity.INFO,
            "node-ranges-only",
            early.getFirst().line(),
            "no firmware map; the kernel's early node ranges are taken as usable memory"));
    findings.sort(Comparator.comparingInt(Finding::line));
    return new FirmwareMap(
        name,
        "early node ranges",
        false,
        MapSection.BIOS,
        entries,
        scan.numa().ranges(),
        findings,
        options.commandLine().orElse(scan.commandLine()),
        scan.facts());
  }

  private static MapEntry entry(NodeRange range) {
    String text =
        "node %d: [mem 0x%016x-0x%016x]".formatted(range.node(), range.first(), range.last());
    return new MapEntry(
        range.first(),
        range.last(),
        RangeShape.PROPER,
        MemoryType.USABLE,
        "node " + range.node(),
        range.line(),
        range.line(),
        text);
  }

  private void warn(String code, int line, String message) {
    findings.add(new Finding(Severity.WARNING, code, line, message));
  }

  private MapException unusable(String reason, String remedy) {
    return new MapException(name, 0, "", reason, remedy);
  }
}
