package workbench.answers;

import java.util.ArrayList;
import java.util.List;

/** A table in the making; the first column is text, the others are figures. */
final class Grid {
  private final List<String> head;
  private final List<List<String>> rows = new ArrayList<>();

  /** Makes a table without rows. */
  Grid(String... head) {
    this.head = List.of(head);
  }

  /** Adds a row. */
  void row(List<String> cells) {
    if (cells.size() != head.size()) {
      throw new IllegalArgumentException("%s does not fit below %s".formatted(cells, head));
    }
    rows.add(List.copyOf(cells));
  }

  /** Adds a row. */
  void row(String... cells) {
    row(List.of(cells));
  }

  /** {@return the table in Markdown, without a line feed at its end} */
  String markdown() {
    List<String> lines = new ArrayList<>();
    lines.add(line(head));
    lines.add("|---" + "|---:".repeat(head.size() - 1) + "|");
    rows.forEach(row -> lines.add(line(row)));
    return String.join("\n", lines);
  }

  private static String line(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }
}
