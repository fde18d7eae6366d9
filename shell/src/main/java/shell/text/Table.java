package shell.text;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A table in plain text: a head, rows, columns as wide as their widest cell. Columns whose name in
 * the head begins with {@code >} are aligned to the right. Where the table would be wider than a
 * terminal of 80 columns, the text of its last column goes on in further lines; a single word that
 * is too long for it is cut, with an ellipsis.
 */
public final class Table {
  private static final int WIDTH = 80;
  private static final int LEAST_LAST = 12; // narrower, a wrapped text cannot be read any more
  private static final String GAP = "  ";

  private final boolean[] right;
  private final List<String[]> rows = new ArrayList<>();

  /**
   * Begins a table.
   *
   * @param head the names of the columns
   */
  public Table(String... head) {
    right = new boolean[head.length];
    String[] names = new String[head.length];
    for (int i = 0; i < head.length; i++) {
      right[i] = head[i].startsWith(">");
      names[i] = (right[i] ? head[i].substring(1) : head[i]).toUpperCase(Locale.ROOT);
    }
    rows.add(names);
  }

  /**
   * Adds a row.
   *
   * @param cells a cell per column, shown by their text
   * @return this table
   */
  public Table row(Object... cells) {
    if (cells.length != right.length) {
      throw new IllegalArgumentException(
          "%d cells for %d columns".formatted(cells.length, right.length));
    }
    rows.add(Arrays.stream(cells).map(String::valueOf).toArray(String[]::new));
    return this;
  }

  /**
   * Prints the table.
   *
   * @param out where to
   */
  public void print(PrintStream out) {
    int[] widths = widths();
    for (String[] row : rows) {
      print(row, widths, out);
    }
  }

  private int[] widths() {
    int[] widths = new int[right.length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    int last = right.length - 1;
    int room = Math.max(LEAST_LAST, WIDTH - lead(widths));
    widths[last] = Math.min(widths[last], room);
    return widths;
  }

  // The columns before the last one, with their gaps.
  private static int lead(int[] widths) {
    int last = widths.length - 1;
    return Arrays.stream(widths, 0, last).sum() + last * GAP.length();
  }

  private void print(String[] row, int[] widths, PrintStream out) {
    int last = row.length - 1;
    StringBuilder before = new StringBuilder();
    for (int i = 0; i < last; i++) {
      before.append(pad(row[i], widths[i], right[i])).append(GAP);
    }
    String lead = before.toString();
    for (String piece : wrapped(row[last], widths[last])) {
      out.println((lead + pad(piece, widths[last], right[last])).stripTrailing());
      lead = " ".repeat(lead(widths));
    }
  }

  private static List<String> wrapped(String cell, int width) {
    if (cell.length() <= width) {
      return List.of(cell);
    }
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : cell.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(cut(word, width));
    }
    lines.add(line.toString());
    return lines;
  }

  private static String cut(String word, int width) {
    return word.length() <= width ? word : word.substring(0, width - 1) + "…";
  }

  private static String pad(String cell, int width, boolean toRight) {
    String space = " ".repeat(width - cell.length());
    return toRight ? space + cell : cell + space;
  }
}
