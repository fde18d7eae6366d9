package trace.tool;

import java.util.ArrayList;
import java.util.List;

/** Splits the arguments of a call as {@code strace} and {@code ltrace} print them. */
final class Arguments {
  private final String text;
  private final List<String> parts = new ArrayList<>();
  private int begin;
  private int depth;

  private Arguments(String text) {
    this.text = text;
  }

  /** Returns the arguments, split at commas outside of brackets and quotes. */
  static List<String> split(String text) {
    return text.isBlank() ? List.of() : new Arguments(text).parts();
  }

  private List<String> parts() {
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        at = endOfString(at);
      } else if (c == ',' && depth == 0) {
        add(at);
      } else {
        depth += "([{<".indexOf(c) >= 0 ? 1 : 0;
        depth -= ")]}>".indexOf(c) >= 0 && depth > 0 ? 1 : 0;
      }
      at++;
    }
    add(text.length());
    return parts;
  }

  private void add(int end) {
    parts.add(text.substring(begin, end).strip());
    begin = end + 1;
  }

  /** Returns where the quote is that ends the string, or the last character if none does. */
  private int endOfString(int from) {
    int at = from + 1;
    while (at < text.length() && text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    return Math.min(at, text.length());
  }
}
