package heap.tlsf;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The report {@code tlsf}: the table of free lists, one line for each row that holds blocks, a
 * character for each column. Reads only counters, so it needs no lock.
 */
final class Report {
  static final String NAME = "tlsf";

  private Report() {}

  static List<String> lines(Space space) {
    Mapping mapping = space.mapping;
    List<String> lines = new ArrayList<>();
    lines.add(
        line(
            "free blocks by size: %d rows of %d lists; . none, 1 to 9 as many, + more",
            mapping.rows, mapping.columns));
    lines.add(line("%14s %12s  %s", "from bytes", "step", "lists"));
    for (int row = 0; row < mapping.rows; row++) {
      if (space.lists.columns[row] != 0) {
        lines.add(row(space, row));
      }
    }
    lines.add(
        line(
            "%d blocks of %d bytes free, %d of %d bytes live, %d pools of %d bytes",
            space.lists.blocks,
            space.lists.bytes,
            space.liveBlocks,
            space.liveBytes,
            space.pools.count(),
            space.pools.footprint));
    return lines;
  }

  private static String row(Space space, int row) {
    Mapping mapping = space.mapping;
    int list = row * mapping.columns;
    StringBuilder cells = new StringBuilder();
    for (int column = 0; column < mapping.columns; column++) {
      cells.append(cell(space.lists.counts[list + column]));
    }
    long step = mapping.from(list + 1) - mapping.from(list);
    return line("%14d %12d  %s", mapping.from(list), step, cells);
  }

  private static char cell(int count) {
    return count <= 0 ? '.' : count > 9 ? '+' : (char) ('0' + count);
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
