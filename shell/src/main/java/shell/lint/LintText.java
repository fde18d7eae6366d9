package shell.lint;

import hardware.api.map.AddressRange;
import hardware.api.map.Decision;
import hardware.api.map.Finding;
import hardware.api.map.FirmwareMap;
import hardware.api.map.MapEntry;
import hardware.api.map.MemoryType;
import hardware.api.map.RangeShape;
import hardware.api.map.SanitisedMap;
import hardware.api.map.UsableSpan;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Map lint for people: a report of at most 80 columns with what the map holds, what is odd, each
 * decision with the input line that caused it, totals, usable spans, holes, room at low addresses,
 * and NUMA nodes.
 */
public final class LintText {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  private final FirmwareMap map;
  private final SanitisedMap sane;
  private final StringBuilder out = new StringBuilder();

  private LintText(FirmwareMap map, SanitisedMap sane) {
    this.map = map;
    this.sane = sane;
  }

  /** The report on the given map and what was made of it; ends with a line break. */
  public static String render(FirmwareMap map, SanitisedMap sane) {
    LintText text = new LintText(map, sane);
    text.head();
    text.entries();
    text.findings();
    text.decisions();
    text.totals();
    text.usable();
    text.holes();
    text.room();
    text.nodes();
    return text.out.toString();
  }

  private void head() {
    out.append(Columns.wrapped("Firmware map  ", map.name()));
    String section = map.section().name().toLowerCase(Locale.ROOT);
    out.append(Columns.wrapped("  format      ", map.format() + ", section " + section));
    if (!map.commandLine().isEmpty()) {
      out.append(Columns.wrapped("  kernel      ", map.commandLine()));
    }
    line(
        "  usable      %d bytes (%s) in %d spans of %d-byte pages"
            .formatted(
                sane.usableBytes(),
                Columns.size(sane.usableBytes()),
                sane.usable().size(),
                sane.pageSize()));
    line(
        "  reserved    %d bytes (%s) in %d ranges"
            .formatted(
                sane.reservedBytes(), Columns.size(sane.reservedBytes()), sane.reserved().size()));
  }

  private void entries() {
    title("Entries", map.entries().size());
    if (!map.entries().isEmpty()) {
      line("  %5s  %-18s  %-18s  %10s  %s".formatted("line", "first", "last", "size", "type"));
    }
    map.entries().forEach(this::entry);
  }

  private void entry(MapEntry e) {
    String size =
        switch (e.shape()) {
          case PROPER -> Columns.size(e.size());
          case EMPTY -> "empty";
          case REVERSED -> "reversed";
          case OVERFLOWING -> "overflows";
        };
    String last = e.shape() == RangeShape.EMPTY ? "" : Columns.address(e.last());
    String lead =
        "  %5d  %-18s  %-18s  %10s  ".formatted(e.line(), Columns.address(e.first()), last, size);
    out.append(Columns.clipped(lead, e.typeText()));
  }

  private void findings() {
    title("Findings", map.findings().size());
    for (Finding f : map.findings()) {
      String severity = f.severity().name().toLowerCase(Locale.ROOT);
      String where = f.line() == 0 ? "" : "line " + f.line() + ": ";
      out.append(Columns.wrapped("  %-8s".formatted(severity), where + f.message()));
    }
  }

  private void decisions() {
    title("Decisions", sane.decisions().size());
    for (Decision d : sane.decisions()) {
      String severity = d.kind().severity().name().toLowerCase(Locale.ROOT);
      out.append(Columns.wrapped("  %-8s".formatted(severity), d.message()));
      out.append(Columns.clipped("  %6d | ".formatted(d.entry().line()), d.entry().text()));
    }
  }

  private void totals() {
    title("Totals by type, overlaps resolved", sane.totals().size());
    for (MemoryType type : MemoryType.values()) {
      long bytes = sane.totals().getOrDefault(type, 0L);
      if (bytes > 0) {
        line("  %-20s  %20d  %12s".formatted(type.label(), bytes, Columns.size(bytes)));
      }
    }
    if (map.efi()) {
      line("  handed back by the loader: %s".formatted(amount(sane.loaderBytes())));
      line("  handed back by boot services: %s".formatted(amount(sane.bootServicesBytes())));
    }
  }

  private void usable() {
    title("Usable spans", sane.usable().size());
    for (UsableSpan s : sane.usable()) {
      String node = s.node() == UsableSpan.SEVERAL_NODES ? "several nodes" : "node " + s.node();
      line(
          "  %s  %s  %12s  %s"
              .formatted(
                  Columns.address(s.start()),
                  Columns.address(s.end()),
                  Columns.size(s.size()),
                  node));
    }
  }

  private void holes() {
    title("Holes, which no entry mentions", sane.holes().size());
    for (AddressRange h : sane.holes()) {
      line(
          "  %s  %s  %12s"
              .formatted(
                  Columns.address(h.start()), Columns.address(h.end()), Columns.size(h.size())));
    }
  }

  private void room() {
    out.append("\nUsable room\n");
    line("  below 1 MiB    %s".formatted(amount(sane.usableBelow(MIB))));
    line("  below 16 MiB   %s".formatted(amount(sane.usableBelow(16 * MIB))));
    line("  below 4 GiB    %s".formatted(amount(sane.usableBelow(4 * GIB))));
    line(
        "  highest byte   %s"
            .formatted(sane.top() == 0 ? "none" : Columns.address(sane.top() - 1)));
  }

  private void nodes() {
    Map<Integer, Long> bytes = new TreeMap<>();
    sane.byNode().forEach(s -> bytes.merge(s.node(), s.size(), Long::sum));
    List<Integer> named = map.nodes().stream().map(n -> n.node()).distinct().toList();
    named.forEach(n -> bytes.merge(n, 0L, Long::sum));
    title(map.nodes().isEmpty() ? "NUMA nodes (none in the input)" : "NUMA nodes", bytes.size());
    bytes.forEach((node, sum) -> line("  node %-5d  %s".formatted(node, amount(sum))));
  }

  private static String amount(long bytes) {
    return bytes + " bytes (" + Columns.size(bytes) + ")";
  }

  private void title(String text, int count) {
    out.append('\n').append(text).append(": ").append(count).append('\n');
  }

  private void line(String text) {
    out.append(text.stripTrailing()).append('\n');
  }
}
