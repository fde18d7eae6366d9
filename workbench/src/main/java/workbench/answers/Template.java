package workbench.answers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The prose of one answer, a Markdown text with these marks:
 *
 * <ul>
 *   <li><code>{{NAME}}</code>: a figure;
 *   <li><code>{{table NAME}}</code> and <code>{{plot NAME TEXT}}</code>: a table, and a plot with
 *       the text that stands for it where it cannot be seen;
 *   <li><code>{{expect LEFT OP RIGHT}}</code>, on a line of its own: see {@link Expectation};
 *       nothing is left of it.
 * </ul>
 *
 * <p>A name that was not found fails, and so does a table or plot that the text never shows.
 */
final class Template {
  private static final Pattern MARK = Pattern.compile("\\{\\{([^}]*)}}");
  private static final Pattern EXPECT = Pattern.compile("(?m)^\\{\\{expect ([^}]*)}}\\n?");

  private final String name;
  private final String text;

  /** Makes a template; the name is for messages. */
  Template(String name, String text) {
    this.name = name;
    this.text = text;
  }

  /** {@return the template of this name among the resources beside this class} */
  static Template shipped(String name) throws IOException {
    try (InputStream in = Template.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("the workbench's bundle has no template " + name);
      }
      return new Template(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /**
   * {@return the text with everything filled in}
   *
   * @param findings what the experiment found
   * @param folder where the plots are, as a link from the page
   * @throws AnswerException if a name is unknown or an expectation does not hold
   */
  String filled(Findings findings, String folder) {
    Matcher expectations = EXPECT.matcher(text);
    while (expectations.find()) {
      Expectation.check(expectations.group(1), findings.figures(), place(expectations.start()));
    }
    List<String> shown = new ArrayList<>();
    String filled =
        MARK.matcher(withoutExpectations())
            .replaceAll(mark ->
                Matcher.quoteReplacement(value(mark.group(1).strip(), findings, folder, shown)));
    refuseUnshown(findings.tables(), "table", shown);
    refuseUnshown(findings.plots(), "plot", shown);
    return filled;
  }

  private String withoutExpectations() {
    return EXPECT.matcher(text).replaceAll("").replaceAll("\n{3,}", "\n\n");
  }

  private String value(String mark, Findings findings, String folder, List<String> shown) {
    String[] words = mark.split(" ", 3);
    return switch (words[0]) {
      case "table" -> {
        shown.add("table " + words[1]);
        yield found(findings.tables(), words[1], "table").markdown();
      }
      case "plot" -> {
        shown.add("plot " + words[1]);
        found(findings.plots(), words[1], "plot");
        yield "![%s](%s/%s.svg)".formatted(words[2], folder, words[1]);
      }
      default -> figure(mark, findings.figures(), name).text();
    };
  }

  private <T> T found(Map<String, T> all, String wanted, String kind) {
    @Nullable T one = all.get(wanted);
    if (one == null) {
      throw new AnswerException(
          name, "no %s %s; found were %s".formatted(kind, wanted, all.keySet()));
    }
    return one;
  }

  /** {@return a figure by its name} */
  static Findings.Figure figure(String wanted, Map<String, Findings.Figure> all, String place) {
    Findings.@Nullable Figure figure = all.get(wanted);
    if (figure == null) {
      throw new AnswerException(
          place, "no figure %s; found were %s".formatted(wanted, String.join(", ", all.keySet())));
    }
    return figure;
  }

  private void refuseUnshown(Map<String, ?> all, String kind, List<String> shown) {
    for (String one : all.keySet()) {
      if (!shown.contains(kind + " " + one)) {
        throw new AnswerException(name, "%s %s is never shown".formatted(kind, one));
      }
    }
  }

  private String place(int position) {
    return name + ":" + (text.substring(0, position).lines().count() + 1);
  }
}
