package hardware.sim.map;

import hardware.api.map.AddressRange;
import hardware.api.map.Architecture;
import hardware.api.map.BootLog;
import hardware.api.map.BootMap;
import hardware.api.map.Finding;
import hardware.api.map.FirmwareMap;
import hardware.api.map.MapEntry;
import hardware.api.map.MapOptions;
import hardware.api.map.MemoryType;
import hardware.api.map.NodeRange;
import hardware.api.map.RangeShape;
import hardware.api.map.SanitisedMap;
import hardware.api.map.Severity;
import hardware.api.map.UsableSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What Linux makes of a firmware map before its page allocator starts. */
final class LinuxBoot {
  /*
   * 1. What is input, and what would be cheating
   *
   * Input is what the kernel itself was given: the firmware's map, the firmware's affinity table, and
   * the command line. On x86-64 nothing else is used. What the kernel printed about its own results
   * (user: lines apart, which are the map after mem= and memmap= and on which the same changes have
   * no further effect) only serves to notice that this model differs: the early node ranges are
   * compared, and a difference is a warning.
   *
   * Kernels for Arm and RISC-V read a device tree, which they do not print. There the early node
   * ranges are the only trace of it, so they are RAM, and a finding says so. The limits of the zones
   * follow the rule; a device tree can lower the limit of DMA, and then the limit comes from the
   * log's "Zone ranges", and a finding says that as well.
   *
   * 2. The order on x86-64
   *
   *   mem=, memmap=   change the firmware's table, in the order given
   *   hardware        ranges that the log says were withdrawn, because MTRRs do not cover them
   *   page 0          becomes reserved: firmware may keep its interrupt table there
   *   0xa0000-0xfffff leaves RAM, whatever the firmware says: video memory and ROMs
   *   pages           what is left is RAM, merged and then rounded inward
   *   nodes           by the affinity table, if it covers all RAM but 1 MiB; else all is node 0
   *   zones           see ZonePlan; zone Movable, see MovableStarts
   *   the first MiB   is RAM and present, but stays with the kernel (since 5.13)
   *
   * 3. What was not done, and why
   *
   *   - numa=fake=: the kernel cuts nodes anew, in three ways; said in a finding.
   *   - kernelcore=mirror: needs the mirror attribute of an EFI map, which the reader does not keep.
   *   - crashkernel=, hugepages=, cma=: reservations out of what is present. They change "managed",
   *     which differs anyway, since this kernel reserves little of its own. Said in a finding.
   *   - 32-bit kernels: no zone HighMem; such a log gets the zones of x86-64.
   *   - Page sizes other than the options' on arm64.
   *
   * References: Linux 6.1 arch/x86/kernel/e820.c (parse_memmap_one, parse_memopt),
   * arch/x86/kernel/setup.c (trim_bios_range, trim_low_memory_range), arch/x86/mm/numa.c
   * (numa_meminfo_cover_memory), arch/arm64/mm/init.c and arch/riscv/mm/init.c (zone_sizes_init),
   * mm/page_alloc.c (find_zone_movable_pfns_for_nodes, zone_spanned_pages_in_node).
   */
  private static final long MIB = 1L << 20;
  private static final long BIOS_START = 0xa0000;
  private static final String PAGE_ZERO = "page 0 is the kernel's";

  private final FirmwareMap map;
  private final BootLog log;
  private final MapOptions options;
  private final Architecture architecture;
  private final BootParameters parameters;
  private final List<Finding> findings = new ArrayList<>();

  /** A boot from the given map. */
  LinuxBoot(FirmwareMap map, MapOptions options) {
    this.map = map;
    this.log = map.log();
    this.options = options;
    boolean x86 = log.architecture() == Architecture.OTHER && map.format().startsWith("E820");
    this.architecture = x86 ? Architecture.X86_64 : log.architecture();
    this.parameters = new BootParameters(map.commandLine());
  }

  /** What becomes of it. */
  BootMap plan() {
    boolean linux = log.linux() || !map.commandLine().isEmpty();
    SanitisedMap sane = sanitise(linux ? changed() : map);
    ZonePlan plan = new ZonePlan(sane, architecture, log, findings);
    BootMap boot =
        new BootMap(
            sane,
            architecture,
            plan.zones(parameters, log),
            linux ? reserved(sane) : List.of(),
            List.of());
    findings.addAll(parameters.findings());
    if (linux) {
      compare(sane);
    }
    return new BootMap(sane, architecture, boot.zones(), boot.reserved(), findings);
  }

  private SanitisedMap sanitise(FirmwareMap changed) {
    return new MapSanitiser(changed, options).sanitise();
  }

  private FirmwareMap changed() {
    return architecture == Architecture.X86_64 ? changedOnX86() : changedElsewhere();
  }

  private FirmwareMap changedOnX86() {
    RamTable table = new RamTable(map.entries());
    new UserMap(table, parameters).apply();
    Predicate<MemoryType> ram = type -> type.usable(map.efi() && options.loaderUsable());
    log.withdrawn()
        .forEach(r -> table.retype(r.start(), r.end() - 1, ram, MemoryType.RESERVED, "withdrawn"));
    table.retype(0, options.pageSize() - 1, ram, MemoryType.RESERVED, PAGE_ZERO);
    table.remove(BIOS_START, MIB - 1, ram);
    FirmwareMap whole = map.withRanges(table.entries(), map.nodes());
    return nodesCover(whole) ? whole : whole.withRanges(table.entries(), List.of());
  }

  /** Whether the affinity table is used; the kernel wants all RAM in it but 1 MiB. */
  private boolean nodesCover(FirmwareMap whole) {
    if (map.nodes().isEmpty() || parameters.numaOff() || log.oneNode()) {
      return false;
    }
    Intervals known = Intervals.of(map.nodes(), NodeRange::first, range -> range.last() + 1);
    List<UsableSpan> ram = sanitise(whole).usable();
    long outside = Intervals.of(ram, UsableSpan::start, UsableSpan::end).minus(known).bytes();
    if (outside >= MIB) {
      note(
          Severity.WARNING,
          "nodes-incomplete",
          "NUMA ranges leave out %d KiB of RAM: as in Linux, all of it is node 0"
              .formatted(outside / 1024));
    }
    return outside < MIB;
  }

  private FirmwareMap changedElsewhere() {
    parameters.changes().stream()
        .filter(change -> change.name().equals("memmap"))
        .forEach(change -> parameters.ignored(change.name(), change.value()));
    RamTable table = new RamTable(log.early().isEmpty() ? map.entries() : early());
    List<NodeRange> nodes = log.early().isEmpty() ? map.nodes() : log.early();
    FirmwareMap whole = map.withRanges(table.entries(), parameters.numaOff() ? List.of() : nodes);
    parameters.changes().stream()
        .filter(change -> change.name().equals("mem"))
        .map(change -> BootParameters.size(change.value()).bytes())
        .filter(bytes -> bytes > 0)
        .forEach(bytes -> table.remove(reach(whole, bytes), -1, t -> t.usable(true)));
    return whole.withRanges(table.entries(), whole.nodes());
  }

  /** Outside of x86 {@code mem=} is an amount of RAM, not an address. */
  private long reach(FirmwareMap whole, long bytes) {
    long left = bytes;
    for (UsableSpan span : sanitise(whole).usable()) {
      if (left <= span.size()) {
        return span.start() + left;
      }
      left -= span.size();
    }
    return Long.MAX_VALUE;
  }

  private List<MapEntry> early() {
    return log.early().stream()
        .map(r ->
            new MapEntry(
                r.first(),
                r.last(),
                RangeShape.PROPER,
                MemoryType.USABLE,
                "node " + r.node(),
                r.line(),
                r.line(),
                "node " + r.node()))
        .toList();
  }

  /** What stays with the kernel: on x86 the first MiB; elsewhere what firmware keeps to itself. */
  private List<AddressRange> reserved(SanitisedMap sane) {
    if (architecture == Architecture.X86_64) {
      return List.of(new AddressRange(0, MIB));
    }
    long page = options.pageSize();
    Intervals ram = Intervals.of(sane.usable(), UsableSpan::start, UsableSpan::end);
    Intervals kept =
        Intervals.of(log.deviceTree(), AddressRange::start, AddressRange::end).outward(page);
    if (!log.early().isEmpty()) {
      List<UsableSpan> firmware = sanitise(map).usable();
      kept = kept.plus(ram.minus(Intervals.of(firmware, UsableSpan::start, UsableSpan::end)));
    }
    List<AddressRange> ranges = new ArrayList<>();
    for (int i = 0; i < kept.count(); i++) {
      ranges.add(new AddressRange(kept.start(i), kept.end(i)));
    }
    return ranges;
  }

  /** Says so if the kernel that printed the log counted its RAM differently. */
  private void compare(SanitisedMap sane) {
    long counted = Intervals.of(log.early(), NodeRange::first, range -> range.last() + 1).bytes();
    boolean same = log.early().isEmpty() || options.commandLine().isPresent();
    if (!same && counted != sane.usableBytes()) {
      note(
          Severity.WARNING,
          "early-ranges-differ",
          "the kernel of this log counted %d KiB of RAM, this model %d KiB"
              .formatted(counted / 1024, sane.usableBytes() / 1024));
    }
  }

  private void note(Severity severity, String code, String message) {
    findings.add(new Finding(severity, code, 0, message));
  }
}
