package shell.command;

import java.util.Arrays;

/**
 * The words behind a command's name, counted, so that a wrong number is answered with the usage.
 */
final class Words {
  private Words() {}

  /**
   * Checks the number of words.
   *
   * @param words what the user wrote
   * @param least the fewest that make sense
   * @param most the most that make sense
   * @param usage how to write it
   * @return the words
   * @throws IllegalArgumentException with the usage if there are too few or too many, or help is
   *     asked for
   */
  static String[] require(String[] words, int least, int most, String usage) {
    boolean help = Arrays.asList(words).contains("--help");
    if (help || words.length < least || words.length > most) {
      throw new IllegalArgumentException("usage: " + usage);
    }
    return words;
  }
}
