package shell.text;

import java.io.PrintStream;
import java.util.List;

/** What happened during boot, a step per paragraph. */
public final class BootLogText {
  private static final int STEP_WIDTH = 10; // the step's name and a space, as the kernel pads it

  private BootLogText() {}

  /**
   * Prints the steps.
   *
   * @param lines the step's name padded, then what happened
   * @param out where to
   */
  public static void print(List<String> lines, PrintStream out) {
    for (String line : lines) {
      int split = Math.min(STEP_WIDTH, line.length());
      Wrap.print(
          "  " + line.substring(0, split), " ".repeat(STEP_WIDTH + 2), line.substring(split), out);
    }
  }
}
