package shell.text;

import java.io.PrintStream;

/** Prose within a terminal's width. */
public final class Wrap {
  private static final int WIDTH = 80;

  private Wrap() {}

  /**
   * Prints text with line breaks at spaces, every line but the first indented.
   *
   * @param first what the first line begins with
   * @param indent what further lines begin with
   * @param text the text; a word longer than a line stays whole
   * @param out where to
   */
  public static void print(String first, String indent, String text, PrintStream out) {
    StringBuilder line = new StringBuilder(first);
    boolean empty = true;
    for (String word : text.strip().split("\\s+", -1)) {
      if (!empty && line.length() + 1 + word.length() > WIDTH) {
        out.println(line);
        line = new StringBuilder(indent);
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    out.println(line);
  }
}
