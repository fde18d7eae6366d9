package hardware.sim.map;

/**
 * One logical line of the input after cleaning.
 *
 * @param line number of the first input line it was made from, from 1
 * @param lastLine number of the last input line it was made from
 * @param text the text without time stamps, log prefixes, quoting and soft breaks, with its
 *     indentation
 */
record TextLine(int line, int lastLine, String text) {
  /** Columns of white space before the first character. */
  int indent() {
    int i = 0;
    while (i < text.length() && Character.isWhitespace(text.charAt(i))) {
      i++;
    }
    return i;
  }

  /** This line continued by {@code next}, with {@code glue} between the two texts. */
  TextLine joined(TextLine next, String glue) {
    return new TextLine(line, next.lastLine, text.stripTrailing() + glue + next.text.strip());
  }
}
