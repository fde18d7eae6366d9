package hardware.sim.map;

import hardware.api.map.AddressRange;
import hardware.api.map.Architecture;
import hardware.api.map.BootLog;
import hardware.api.map.Finding;
import hardware.api.map.SanitisedMap;
import hardware.api.map.Severity;
import hardware.api.map.UsableSpan;
import hardware.api.map.ZoneSpan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Works out what each zone of each node spans, after {@code mm/page_alloc.c} (since 6.4 {@code
 * mm/mm_init.c}): the part of the node's span that the zone's limits cut out, less what zone
 * Movable takes of it. A zone may span addresses without having any RAM there.
 */
final class ZonePlan {
  private static final String MOVABLE = "Movable";
  private static final long DMA_LIMIT = 16L << 20;
  private static final long DMA32_LIMIT = 1L << 32;

  private final SortedMap<Integer, List<UsableSpan>> nodes = new TreeMap<>();
  private final Architecture architecture;
  private final long page;
  private final Map<String, AddressRange> limits = new LinkedHashMap<>();
  private final List<Finding> findings;

  /** Plans the zones of a machine; what there is to say goes to {@code findings}. */
  ZonePlan(SanitisedMap map, Architecture architecture, BootLog log, List<Finding> findings) {
    this.architecture = architecture;
    this.page = map.pageSize();
    this.findings = findings;
    map.byNode().forEach(s -> nodes.computeIfAbsent(s.node(), n -> new ArrayList<>()).add(s));
    limits(map, log);
  }

  /** Sets the limits of each zone, the same for all nodes. */
  private void limits(SanitisedMap map, BootLog log) {
    long start = map.usable().isEmpty() ? 0 : map.usable().getFirst().start();
    Map<String, Long> ends = ends(start, map.top());
    boolean foreign = architecture != Architecture.X86_64 && !log.zones().isEmpty();
    if (foreign) {
      ends = fromLog(ends, start, log.zones());
    }
    for (var zone : ends.entrySet()) {
      long end = Math.max(start, zone.getValue());
      limits.put(zone.getKey(), new AddressRange(start, end));
      start = end;
    }
  }

  private Map<String, Long> ends(long start, long top) {
    Map<String, Long> ends = new LinkedHashMap<>();
    switch (architecture) {
      case X86_64, OTHER -> {
        ends.put("DMA", Math.min(DMA_LIMIT, top));
        ends.put("DMA32", Math.min(DMA32_LIMIT, top));
      }
      case ARM64 -> {
        long limit = start >= DMA32_LIMIT ? top : Math.min(DMA32_LIMIT, top);
        ends.put("DMA", limit);
        ends.put("DMA32", limit);
      }
      case RISCV64 -> ends.put("DMA32", Math.min(DMA32_LIMIT, top));
    }
    ends.put("Normal", top);
    return ends;
  }

  /** A device tree may limit DMA to less than 4 GiB; of that the log has only the result. */
  private Map<String, Long> fromLog(Map<String, Long> rule, long start, List<ZoneSpan> log) {
    Map<String, Long> ends = new LinkedHashMap<>(rule);
    long at = start;
    for (ZoneSpan zone : log) {
      at = Math.max(at, zone.end());
      if (ends.containsKey(zone.name()) && !same(ends.get(zone.name()), at, start)) {
        findings.add(
            new Finding(
                Severity.INFO,
                "zone-ranges-from-log",
                0,
                "zone %s ends at %s by the log's \"Zone ranges\", not at %s as the rule has it"
                    .formatted(zone.name(), Hex.show(at), Hex.show(ends.get(zone.name())))));
        ends.put(zone.name(), at);
      }
    }
    return ends;
  }

  private static boolean same(long rule, long log, long start) {
    return Math.max(start, rule) == Math.max(start, log);
  }

  /** All zones of all nodes. */
  List<ZoneSpan> zones(BootParameters parameters, BootLog log) {
    Map<Integer, Long> movable =
        new MovableStarts(nodes, page, highest().start() / page).find(parameters, log.hotplug());
    List<ZoneSpan> zones = new ArrayList<>();
    SortedMap<Integer, List<UsableSpan>> all = new TreeMap<>(nodes);
    if (nodes.size() > 1) {
      log.cpuNodes().forEach(node -> all.putIfAbsent(node, List.of()));
    }
    all.forEach((node, spans) -> addNode(zones, node, spans, movable.getOrDefault(node, 0L)));
    return zones;
  }

  /** The limits of the highest zone that there is. */
  private AddressRange highest() {
    return limits.values().stream()
        .filter(range -> range.size() > 0)
        .reduce((low, high) -> high)
        .orElse(new AddressRange(0, 0));
  }

  private void addNode(List<ZoneSpan> zones, int node, List<UsableSpan> spans, long movable) {
    long start = spans.isEmpty() ? 0 : spans.getFirst().start();
    long end = spans.isEmpty() ? 0 : spans.getLast().end();
    for (String name : architecture.zones()) {
      AddressRange range = range(name, start, end, movable * page);
      boolean empty = range.end() <= range.start();
      zones.add(new ZoneSpan(node, name, empty ? 0 : range.start(), empty ? 0 : range.end()));
    }
  }

  private AddressRange range(String name, long start, long end, long movable) {
    if (name.equals(MOVABLE)) {
      return movable == 0
          ? new AddressRange(0, 0)
          : new AddressRange(movable, Math.min(end, highest().end()));
    }
    AddressRange limit = limits.getOrDefault(name, new AddressRange(0, 0));
    long from = Math.clamp(start, limit.start(), limit.end());
    long to = Math.clamp(end, limit.start(), limit.end());
    if (movable != 0 && from >= movable) {
      return new AddressRange(0, 0);
    }
    return new AddressRange(from, movable == 0 ? to : Math.min(to, movable));
  }
}
