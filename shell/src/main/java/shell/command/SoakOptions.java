package shell.command;

import allocator.api.Tier;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The options of {@code soak}.
 *
 * @param seconds how long exchanges are made if they are random, at least 1
 * @param seed of the load and of the choice of exchanges
 * @param threads number of the load's threads
 * @param chain the exchanges to make instead of random ones
 */
record SoakOptions(long seconds, long seed, int threads, Optional<Chain> chain) {
  /** How to write them. */
  static final String USAGE =
      "soak [--seconds N] [--seed S] [--threads N] [--chain TIER A B COUNT]";

  private static final long DEFAULT_SECONDS = 300;
  private static final long DAY = 86_400;
  private static final int DEFAULT_THREADS = 2;

  /**
   * Exchanges to and fro.
   *
   * @param tier the tier
   * @param first the provider that serves at the beginning
   * @param second the one that the first exchange leads to
   * @param count how many exchanges
   */
  record Chain(Tier tier, String first, String second, long count) {}

  /**
   * Reads options.
   *
   * @param words the words behind {@code soak}
   * @return what they ask for
   * @throws IllegalArgumentException if one is not known or lacks its value
   */
  static SoakOptions parse(List<String> words) {
    long seconds = 0;
    long seed = ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
    int threads = DEFAULT_THREADS;
    Optional<Chain> chain = Optional.empty();
    Iterator<String> rest = words.iterator();
    while (rest.hasNext()) {
      String option = rest.next();
      switch (option) {
        case "--seconds" -> seconds = within(option, number(option, rest), DAY);
        case "--seed" -> seed = number(option, rest);
        case "--threads" -> threads = (int) within(option, number(option, rest), Short.MAX_VALUE);
        case "--chain" -> chain = Optional.of(chain(rest));
        default -> throw new IllegalArgumentException(option + " is no option; usage: " + USAGE);
      }
    }
    if (chain.isPresent() && seconds > 0) {
      throw new IllegalArgumentException("--seconds is for random exchanges; leave out --chain");
    }
    return new SoakOptions(seconds > 0 ? seconds : DEFAULT_SECONDS, seed, threads, chain);
  }

  private static Chain chain(Iterator<String> rest) {
    Tier tier = AllocCommand.tierNamed(value("--chain", rest));
    String first = value("--chain", rest);
    String second = value("--chain", rest);
    return new Chain(
        tier, first, second, within("COUNT", number("--chain", rest), Integer.MAX_VALUE));
  }

  private static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(option + " lacks a value; usage: " + USAGE);
    }
    return rest.next();
  }

  private static long number(String option, Iterator<String> rest) {
    String text = value(option, rest);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(option + " " + text + " is no whole number", e);
    }
  }

  private static long within(String option, long value, long most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(option + " " + value + " is not in 1 .. " + most);
    }
    return value;
  }
}
