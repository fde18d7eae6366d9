package shell.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes a script of the prompt's language apart into statements, so that the result of each can be
 * printed; the processor itself answers with the last one's alone.
 *
 * <p>Statements end at a semicolon or a line feed outside of quotes and of any bracket. A comment
 * runs from a number sign at the beginning of a word to the end of its line.
 */
final class Statements {
  private final String script;
  private final List<String> found = new ArrayList<>();
  private final StringBuilder statement = new StringBuilder();
  private int depth;

  private Statements(String script) {
    this.script = script.replace("\r\n", "\n");
  }

  /** {@return the statements that are not empty, in order} */
  static List<String> of(String script) {
    return new Statements(script).split();
  }

  private List<String> split() {
    int at = 0;
    while (at < script.length()) {
      at = take(at);
    }
    end();
    return List.copyOf(found);
  }

  // Handles what begins at a position; returns the position behind it.
  private int take(int at) {
    char c = script.charAt(at);
    if (depth == 0 && (c == ';' || c == '\n')) {
      end();
      return at + 1;
    }
    if (c == '#' && beginsWord(at)) {
      int line = script.indexOf('\n', at);
      return line < 0 ? script.length() : line;
    }
    int behind = behind(c, at);
    depth += "({[".indexOf(c) >= 0 ? 1 : ")}]".indexOf(c) >= 0 ? -1 : 0;
    statement.append(script, at, behind);
    return behind;
  }

  private int behind(char c, int at) {
    if (c == '\\') {
      return Math.min(at + 2, script.length());
    }
    if (c != '"' && c != '\'') {
      return at + 1;
    }
    int close = at + 1;
    while (close < script.length() && script.charAt(close) != c) {
      close += script.charAt(close) == '\\' ? 2 : 1;
    }
    return Math.min(close + 1, script.length());
  }

  private boolean beginsWord(int at) {
    return at == 0 || Character.isWhitespace(script.charAt(at - 1)) || script.charAt(at - 1) == ';';
  }

  private void end() {
    String text = statement.toString().strip();
    if (!text.isEmpty()) {
      found.add(text);
    }
    statement.setLength(0);
    depth = 0;
  }
}
