package physmem.buddy;

import static physmem.buddy.Geometry.BLOCK_FRAMES;
import static physmem.buddy.Geometry.BLOCK_ORDER;
import static physmem.buddy.Geometry.ORDERS;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import physmem.api.FrameZone;
import physmem.api.ZoneReport;

/**
 * The zones' state byte for byte in the form of {@code /proc/zoneinfo}, {@code /proc/buddyinfo} and
 * {@code /proc/pagetypeinfo} of Linux 6.1 on x86-64. What has no counterpart here is 0.
 *
 * @param table the zones
 * @param cpus number of CPUs
 */
record ProcFiles(ZoneTable table, int cpus) {
  /** The names of the reports. */
  static final List<String> NAMES = List.of("buddyinfo", "zoneinfo", "pagetypeinfo");

  private static final long MOST_COUNTED = 100_000; // in a free list, by pagetypeinfo
  private static final int THRESHOLD_SHIFT = 15; // 128 MiB in frames of 4 KiB
  private static final int MOST_THRESHOLD = 125;

  private static final List<String> NODE_COUNTERS =
      List.of(
          ("nr_inactive_anon nr_active_anon nr_inactive_file nr_active_file nr_unevictable"
                  + " nr_slab_reclaimable nr_slab_unreclaimable nr_isolated_anon nr_isolated_file"
                  + " workingset_nodes workingset_refault_anon workingset_refault_file"
                  + " workingset_activate_anon workingset_activate_file workingset_restore_anon"
                  + " workingset_restore_file workingset_nodereclaim nr_anon_pages nr_mapped"
                  + " nr_file_pages nr_dirty nr_writeback nr_writeback_temp nr_shmem"
                  + " nr_shmem_hugepages nr_shmem_pmdmapped nr_file_hugepages nr_file_pmdmapped"
                  + " nr_anon_transparent_hugepages nr_vmscan_write nr_vmscan_immediate_reclaim"
                  + " nr_dirtied nr_written nr_throttled_written nr_kernel_misc_reclaimable"
                  + " nr_foll_pin_acquired nr_foll_pin_released nr_kernel_stack"
                  + " nr_page_table_pages nr_sec_page_table_pages nr_swapcached"
                  + " pgpromote_success pgpromote_candidate")
              .split(" "));

  private static final List<String> ZONE_COUNTERS =
      List.of(
          ("nr_zone_inactive_anon nr_zone_active_anon nr_zone_inactive_file nr_zone_active_file"
                  + " nr_zone_unevictable nr_zone_write_pending nr_mlock nr_bounce nr_zspages"
                  + " nr_free_cma")
              .split(" "));

  /** The migrate types that the kernel shows besides those that a request may have. */
  private static final List<String> OTHER_TYPES = List.of("HighAtomic", "Isolate");

  /** {@return the lines of a report, or nothing if there is none of that name} */
  Optional<List<String>> lines(String name) {
    return switch (name) {
      case "buddyinfo" -> Optional.of(buddyinfo());
      case "zoneinfo" -> Optional.of(zoneinfo());
      case "pagetypeinfo" -> Optional.of(pagetypeinfo());
      default -> Optional.empty();
    };
  }

  private List<ZoneReport> populated() {
    return table.zones().stream().filter(ProcFiles::isPopulated).map(Reports::zone).toList();
  }

  private static boolean isPopulated(Zone zone) {
    return zone.present().frames() != 0;
  }

  private List<String> buddyinfo() {
    return populated().stream()
        .map(zone -> "Node %d, zone %8s ".formatted(zone.node(), zone.name()) + counts(zone))
        .toList();
  }

  private static String counts(ZoneReport zone) {
    return zone.freeBlocks().stream().map("%6d "::formatted).collect(Collectors.joining());
  }

  private List<String> zoneinfo() {
    List<String> lines = new ArrayList<>();
    int firstOf = -1; // the node whose first populated zone has been shown
    for (FrameZone span : table.layout()) {
      lines.add("Node %d, zone %8s".formatted(span.node(), span.name()));
      Optional<Zone> zone = find(span);
      boolean populated = zone.filter(ProcFiles::isPopulated).isPresent();
      if (populated && firstOf != span.node()) {
        firstOf = span.node();
        lines.add("  per-node stats");
        NODE_COUNTERS.forEach(name -> counter(lines, name, 0));
      }
      addPages(lines, span, zone.map(Reports::zone));
      if (populated) {
        addState(lines, zone.orElseThrow());
      }
    }
    return lines;
  }

  private Optional<Zone> find(FrameZone span) {
    return table.zones().stream()
        .filter(zone -> zone.node() == span.node() && zone.name().equals(span.name()))
        .findFirst();
  }

  private static void counter(List<String> lines, String name, long value) {
    lines.add("      %-12s %d".formatted(name, value));
  }

  private void addPages(List<String> lines, FrameZone span, Optional<ZoneReport> zone) {
    lines.add("  pages free     " + figure(zone, ZoneReport::free));
    addMark(lines, "boost", 0);
    addMark(lines, "min", figure(zone, ZoneReport::min));
    addMark(lines, "low", figure(zone, ZoneReport::low));
    addMark(lines, "high", figure(zone, ZoneReport::high));
    addMark(lines, "spanned", figure(zone, ZoneReport::spanned));
    addMark(lines, "present", figure(zone, ZoneReport::present));
    addMark(lines, "managed", figure(zone, ZoneReport::managed));
    addMark(lines, "cma", 0);
    lines.add("        protection: (" + protection(span.node(), zone) + ")");
  }

  private static long figure(Optional<ZoneReport> zone, ToLongFunction<ZoneReport> figure) {
    return zone.map(report -> figure.applyAsLong(report)).orElse(0L);
  }

  private static void addMark(List<String> lines, String name, long value) {
    lines.add("        %-8s %d".formatted(name, value));
  }

  /** A column for each zone of the node; what is kept from zone Device is as from the one below. */
  private String protection(int node, Optional<ZoneReport> zone) {
    return table.layout().stream()
        .filter(span -> span.node() == node)
        .mapToInt(span -> Zone.kindOf(span.name()))
        .map(kind -> kind < 0 ? Zone.KINDS - 1 : kind)
        .mapToObj(kind -> "" + figure(zone, report -> report.protection().get(kind)))
        .collect(Collectors.joining(", "));
  }

  private void addState(List<String> lines, Zone zone) {
    counter(lines, "nr_free_pages", zone.free().frames());
    ZONE_COUNTERS.forEach(name -> counter(lines, name, 0));
    boolean oneNode = table.layout().stream().mapToInt(FrameZone::node).distinct().count() == 1;
    long hits = oneNode ? zone.allocations() : 0;
    counter(lines, "numa_hit", hits);
    List.of("numa_miss", "numa_foreign", "numa_interleave").forEach(n -> counter(lines, n, 0));
    counter(lines, "numa_local", hits);
    counter(lines, "numa_other", 0);
    lines.add("  pagesets");
    for (int cpu = 0; cpu < zone.cpus().length; cpu++) {
      addStock(lines, cpu, zone);
    }
    lines.add("  node_unreclaimable:  0");
    lines.add("  start_pfn:           " + zone.start());
  }

  private void addStock(List<String> lines, int cpu, Zone zone) {
    CpuLists stock = zone.cpus()[cpu];
    lines.add("    cpu: " + cpu);
    lines.add("              count: " + stock.count());
    lines.add("              high:  " + stock.high());
    lines.add("              batch: " + stock.batch());
    lines.add("  vm stats threshold: " + threshold(zone.managed().frames()));
  }

  /** By how much the kernel lets a CPU's counter deviate before it adds it to the zone's. */
  private int threshold(long managed) {
    int size = 1 + bits(managed >> THRESHOLD_SHIFT);
    return Math.min(MOST_THRESHOLD, 2 * bits(cpus) * size);
  }

  private static int bits(long value) {
    return Long.SIZE - Long.numberOfLeadingZeros(value);
  }

  private List<String> pagetypeinfo() {
    List<String> lines = new ArrayList<>();
    List<ZoneReport> zones = populated();
    zones.stream()
        .mapToInt(ZoneReport::node)
        .distinct()
        .forEach(n -> addNode(lines, zones.stream().filter(zone -> zone.node() == n).toList()));
    return lines;
  }

  /** Each node has its own tables, headings included. */
  private static void addNode(List<String> lines, List<ZoneReport> zones) {
    lines.add("Page block order: " + BLOCK_ORDER);
    lines.add("Pages per block:  " + BLOCK_FRAMES);
    lines.add("");
    StringBuilder header =
        new StringBuilder("%-43s ".formatted("Free pages count per migrate type at order"));
    for (int order = 0; order < ORDERS; order++) {
      header.append("%6d ".formatted(order));
    }
    lines.add(header.toString());
    zones.forEach(zone -> addTypes(lines, zone));
    addPageblocks(lines, zones);
  }

  private static void addTypes(List<String> lines, ZoneReport zone) {
    zone.types().forEach(type -> addType(lines, zone, type.name(), type.freeBlocks()));
    List<Long> none = zone.freeBlocks().stream().map(count -> 0L).toList();
    OTHER_TYPES.forEach(type -> addType(lines, zone, type, none));
  }

  private static void addType(List<String> lines, ZoneReport zone, String type, List<Long> counts) {
    String row = "Node %4d, zone %8s, type %12s ".formatted(zone.node(), zone.name(), type);
    lines.add(
        row
            + counts.stream()
                .map(n -> n < MOST_COUNTED ? "%6d ".formatted(n) : ">" + MOST_COUNTED + " ")
                .collect(Collectors.joining()));
  }

  private static void addPageblocks(List<String> lines, List<ZoneReport> zones) {
    StringBuilder header = new StringBuilder("\n%-23s".formatted("Number of blocks type "));
    Mobility.NAMES.forEach(name -> header.append("%12s ".formatted(name)));
    OTHER_TYPES.forEach(name -> header.append("%12s ".formatted(name)));
    lines.addAll(header.toString().lines().toList());
    for (ZoneReport zone : zones) {
      StringBuilder row =
          new StringBuilder("Node %d, zone %8s ".formatted(zone.node(), zone.name()));
      zone.types().forEach(type -> row.append("%12d ".formatted(type.pageblocks())));
      OTHER_TYPES.forEach(name -> row.append("%12d ".formatted(0)));
      lines.add(row.toString());
    }
  }
}
