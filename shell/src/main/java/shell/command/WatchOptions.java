package shell.command;

import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How to watch.
 *
 * @param batch print one screen after the other, even on a terminal
 * @param delayMillis time between two samples, at least 1
 * @param count how many samples; without it, until interrupted
 */
record WatchOptions(boolean batch, long delayMillis, OptionalLong count) {
  private static final long USUAL_MILLIS = 1000;
  private static final Pattern TIME = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m)?");

  /**
   * Reads options.
   *
   * @param words the words of the command
   * @param usage shown in messages
   */
  static WatchOptions parse(List<String> words, String usage) {
    boolean batch = false;
    long delay = USUAL_MILLIS;
    OptionalLong count = OptionalLong.empty();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      boolean takesValue = word.equals("--delay") || word.equals("--count");
      if (takesValue && i + 1 == words.size()) {
        throw new IllegalArgumentException(word + " takes a value; " + usage);
      }
      switch (word) {
        case "--batch", "-b" -> batch = true;
        case "--delay" -> delay = millis(words.get(++i));
        case "--count" -> count = OptionalLong.of(count(words.get(++i)));
        default -> throw new IllegalArgumentException(word + " is not known; " + usage);
      }
    }
    return new WatchOptions(batch, delay, count);
  }

  /** {@return a time such as {@code 1s}, {@code 0.5}, {@code 200ms} or {@code 2m}, in ms} */
  static long millis(String text) {
    Matcher time = TIME.matcher(text);
    if (!time.matches()) {
      throw new IllegalArgumentException(text + ": not a time; write 1s, 0.5, 200ms or 2m");
    }
    double unit =
        switch (time.group(2)) {
          case "ms" -> 1;
          case "m" -> 60_000;
          case null, default -> 1000;
        };
    return Math.max(1, Math.round(Double.parseDouble(time.group(1)) * unit));
  }

  /** {@return a number of samples} */
  static long count(String text) {
    long number = AllocCommand.number(text);
    if (number < 1) {
      throw new IllegalArgumentException(text + ": at least one sample is taken");
    }
    return number;
  }
}
