package vmem.arena;

import allocator.api.Statistic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import vmem.api.AddressArena;
import vmem.api.ArenaSource;

/**
 * The reports of illumos' debugger on arenas: {@code ::vmem}, one line an arena below its source,
 * and {@code ::vmem_seg} for all segments of all arenas. What the debugger shows as the address of
 * a structure is the arena's number here, and that of the segment with the arena's in the upper
 * half.
 */
final class VmemReport {
  /** The names of the reports. */
  static final List<String> NAMES = List.of("vmem", "vmem_seg");

  private static final int NAME_WIDTH = 22; // VMEM_NAMEWIDTH, which counts the final zero
  private static final String HEAD = "%-16s %-" + NAME_WIDTH + "s %10s %12s %9s %5s";
  private static final String LINE = "%016x %-" + NAME_WIDTH + "s %10s %12s %9s %5s";

  private final Map<String, AddressArena> byName = new LinkedHashMap<>();
  private final Map<String, Long> numbers = new LinkedHashMap<>();
  private final List<String> lines = new ArrayList<>();

  private VmemReport(List<? extends AddressArena> arenas) {
    for (AddressArena arena : arenas) {
      numbers.put(arena.spec().name(), (long) numbers.size());
      byName.put(arena.spec().name(), arena);
    }
  }

  /** {@return the lines of {@code ::vmem}: parents first, their children two columns further in} */
  static List<String> vmem(List<? extends AddressArena> arenas) {
    VmemReport report = new VmemReport(arenas);
    report.lines.add(HEAD.formatted("ADDR", "NAME", "INUSE", "TOTAL", "SUCCEED", "FAIL"));
    for (AddressArena arena : arenas) {
      if (!report.byName.containsKey(parent(arena))) {
        report.add(arena, 0);
      }
    }
    return report.lines;
  }

  /** {@return the name of the arena that supplies another, or an empty text} */
  private static String parent(AddressArena arena) {
    return arena
        .spec()
        .source()
        .filter(ArenaSource.class::isInstance)
        .map(source -> ((ArenaSource) source).arena().spec().name())
        .orElse("");
  }

  private void add(AddressArena arena, int indent) {
    String name = arena.spec().name();
    Map<String, Long> figures = new LinkedHashMap<>();
    for (Statistic each : arena.statistics()) {
      figures.put(each.name(), each.value());
    }
    String shown = " ".repeat(indent) + name;
    lines.add(
        LINE.formatted(
            numbers.get(name),
            shown.substring(0, Math.min(shown.length(), NAME_WIDTH - 1)),
            figure(figures, "mem_inuse"),
            figure(figures, "mem_total"),
            figure(figures, "alloc"),
            figure(figures, "fail")));
    for (AddressArena other : byName.values()) {
      if (parent(other).equals(name)) {
        add(other, indent + 2);
      }
    }
  }

  private static String figure(Map<String, Long> figures, String name) {
    return Long.toUnsignedString(figures.getOrDefault(name, 0L));
  }

  /** {@return the lines of {@code ::vmem_seg} for each segment and span in rising order} */
  static List<String> segments(List<? extends AddressArena> arenas) {
    List<String> lines = new ArrayList<>();
    lines.add("%16s %4s %16s %16s %s".formatted("ADDR", "TYPE", "START", "END", "WHO"));
    for (int index = 0; index < arenas.size(); index++) {
      long number = (long) index << 32;
      for (Segment each : segments(arenas.get(index))) {
        lines.add(
            "%016x %4s %016x %016x"
                .formatted(number++, each.type, each.base, each.base + each.size));
      }
    }
    return lines;
  }

  private static List<Segment> segments(AddressArena arena) {
    List<Segment> all = new ArrayList<>();
    arena.walkSpans((base, size, imported) -> all.add(new Segment(base, size, "SPAN")));
    arena.walkAllocated((base, size, attributes) -> all.add(new Segment(base, size, "ALLC")));
    arena.walkFree((base, size, attributes) -> all.add(new Segment(base, size, "FREE")));
    all.sort(Comparator.comparing(Segment::base, Long::compareUnsigned)); // stable: spans first
    return all;
  }

  private record Segment(long base, long size, String type) {}
}
