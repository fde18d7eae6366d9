package workbench.answers;

import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a text relies on: {@code LEFT OP RIGHT}, where each side is a number, a figure's name, or a
 * number times a figure, such as {@code buddy.lost <= 2 * spans}.
 */
final class Expectation {
  private static final Pattern FORM = Pattern.compile("(.+?)\\s*(<=|>=|==|<|>)\\s*(.+)");
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

  private Expectation() {}

  /**
   * Compares.
   *
   * @param text the expectation
   * @param figures figures by name
   * @param place where it stands, for the message
   * @throws AnswerException if it does not hold, or cannot be read
   */
  static void check(String text, Map<String, Findings.Figure> figures, String place) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw new AnswerException(
          place, "\"%s\" is no expectation; write one like a <= 2 * b".formatted(text));
    }
    ToDoubleFunction<String> value = side -> product(side, figures, place);
    double left = value.applyAsDouble(form.group(1));
    double right = value.applyAsDouble(form.group(3));
    if (!holds(left, form.group(2), right)) {
      throw new AnswerException(
          place,
          ("the text relies on \"%s\", but the figures are %s and %s;"
                  + " find out what changed, then correct the text")
              .formatted(text.strip(), Shown.number(left), Shown.number(right)));
    }
  }

  private static boolean holds(double left, String operator, double right) {
    return switch (operator) {
      case "<" -> left < right;
      case "<=" -> left <= right;
      case ">" -> left > right;
      case ">=" -> left >= right;
      default -> left == right;
    };
  }

  private static double product(String side, Map<String, Findings.Figure> figures, String place) {
    double product = 1;
    for (String factor : side.strip().split("\\s*\\*\\s*", -1)) {
      product *= value(factor, figures, place);
    }
    return product;
  }

  private static double value(String factor, Map<String, Findings.Figure> figures, String place) {
    return NUMBER.matcher(factor).matches()
        ? Double.parseDouble(factor)
        : Template.figure(factor, figures, place).value();
  }
}
