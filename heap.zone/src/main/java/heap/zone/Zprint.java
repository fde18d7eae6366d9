package heap.zone;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Prints zones in the columns of {@code zprint -L}, and of {@code zprint -L -w -t} with the totals,
 * as zprint.c of system_cmds 1026.100.5 prints them.
 */
final class Zprint {
  private static final int NAME_WIDTH = 25;
  private static final long KILO = 1024;
  private static final long PREPOSTEROUS = 9_999_999; // KiB, shown as dashes
  private static final String DASHES = "-------";

  /** A column: two lines of heading and the width. */
  private record Column(String line1, String line2, int width) {}

  private static final List<Column> USUAL =
      List.of(
          new Column("", "zone name", -NAME_WIDTH),
          new Column("elem", "size", 6),
          new Column("cur", "size", 11),
          new Column("max", "size", 11),
          new Column("cur", "#elts", 10),
          new Column("max", "#elts", 11),
          new Column("cur", "inuse", 11),
          new Column("alloc", "size", 6),
          new Column("alloc", "count", 6),
          new Column("", "", 2));
  private static final List<Column> WASTE =
      List.of(
          new Column("frag", "size", 9),
          new Column("free", "size", 9),
          new Column("total", "allocs", 17));

  private final ZoneSpace space;
  private final boolean waste;
  private final List<Column> columns;
  private final List<String> lines = new ArrayList<>();
  private long totalSize;
  private long totalUsed;
  private long totalFree;
  private long totalAllocated;

  private Zprint(ZoneSpace space, boolean waste) {
    this.space = space;
    this.waste = waste;
    this.columns = new ArrayList<>(USUAL);
    columns.addAll(waste ? WASTE : List.of());
  }

  /** {@return the report, with or without wasted and total memory} */
  static List<String> print(ZoneSpace space, boolean waste) {
    return new Zprint(space, waste).lines();
  }

  private List<String> lines() {
    lines.add(heading(true));
    lines.add(heading(false));
    lines.add("-".repeat(columns.stream().mapToInt(each -> Math.abs(each.width()) + 1).sum()));
    space.zones.open().forEach(this::zone);
    if (waste) {
      totals();
    }
    return lines;
  }

  private String heading(boolean first) {
    StringBuilder line = new StringBuilder();
    for (Column column : columns) {
      String text = first ? column.line1() : column.line2();
      line.append(format("%" + column.width() + "s ", text));
    }
    return line.toString();
  }

  private static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }

  private void zone(Zone zone) {
    Chunks chunks = zone.chunks;
    long elem = zone.shape.geometry().elemSize();
    long size = chunks.wired() * space.pageBytes;
    long most = chunks.wiredMost() * space.pageBytes;
    long chunk = zone.shape.geometry().chunkBytes();
    StringBuilder line = new StringBuilder(name(zone.name()));
    line.append(format(" %6d %10dK", elem, size / KILO));
    line.append(most(most, elem, size / elem));
    line.append(format(" %11d %5dK %6d  C", zone.live(), chunk / KILO, chunk / elem));
    if (waste) {
      waste(zone, size, elem, line);
    }
    lines.add(line.toString());
  }

  private static String most(long most, long elem, long elems) {
    boolean shown = most / KILO <= PREPOSTEROUS;
    return shown
        ? format(" %10dK %10d %11d", most / KILO, elems, most / elem)
        : format(" %11s %10d %11s", DASHES, elems, DASHES);
  }

  // Blanks would break the columns for scripts, and so would a longer name.
  private static String name(String name) {
    String dotted = name.replace(' ', '.');
    return dotted.length() < NAME_WIDTH
        ? format("%-" + NAME_WIDTH + "s", dotted)
        : dotted.substring(0, NAME_WIDTH - 1) + (dotted.length() == NAME_WIDTH - 1 ? ' ' : '$');
  }

  private void waste(Zone zone, long size, long elem, StringBuilder line) {
    long used = elem * zone.live();
    long free = zone.chunks.wiredEmpty() * space.pageBytes;
    long allocated = elem * zone.allocations();
    line.append(sized(size - used - free, 8)).append(sized(free, 8)).append(sized(allocated, 16));
    totalSize += size;
    totalUsed += used;
    totalFree += free;
    totalAllocated += allocated;
  }

  private static String sized(long bytes, int width) {
    boolean small = bytes < KILO;
    return format(" %" + width + "d%s", small ? bytes : bytes / KILO, small ? "B" : "K");
  }

  private void totals() {
    lines.add("");
    lines.add("ZONE TOTALS");
    lines.add("-".repeat(45));
    lines.add("TOTAL SIZE        = " + totalSize);
    lines.add("TOTAL USED        = " + totalUsed);
    lines.add("TOTAL WASTED      = " + (totalSize - totalUsed));
    lines.add("TOTAL FRAGMENTED  = " + (totalSize - totalUsed - totalFree));
    lines.add("TOTAL COLLECTABLE = " + totalFree);
    lines.add("TOTAL ALLOCS      = " + totalAllocated);
  }
}
