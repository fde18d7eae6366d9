package shell.text;

import java.io.PrintStream;
import java.util.List;
import kernel.api.CheckLine;

/** The lines of a check, for people. */
public final class CheckText {
  private CheckText() {}

  /**
   * Prints what was checked.
   *
   * @param lines a line per subject
   * @param out where to
   * @return whether all were good
   */
  public static boolean print(List<CheckLine> lines, PrintStream out) {
    Table table = new Table("", "subject", ">facts", "finding");
    for (CheckLine line : lines) {
      table.row(
          line.good() ? "ok" : "BAD", line.subject(), Sizes.count(line.facts()), line.finding());
    }
    table.print(out);
    return lines.stream().allMatch(CheckLine::good);
  }
}
