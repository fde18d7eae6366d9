package workbench.load;

import java.util.OptionalLong;

/**
 * What a load is to do.
 *
 * @param threads number of client threads, 1 to {@value #MOST_THREADS}
 * @param seed any value; each thread draws its choices from it and its own index
 * @param work what each thread does
 * @param rate calls per second that each thread makes, 1 to {@value #MOST_RATE}; without it, each
 *     calls again as soon as it can
 * @param seconds after how long the threads end by themselves, 1 to {@value #MOST_SECONDS}; without
 *     it, they go on until they are stopped or their trace ends
 */
public record LoadSpec(
    int threads, long seed, LoadWork work, OptionalLong rate, OptionalLong seconds) {
  /** A thread costs about 2 MiB of histograms, and 12 MiB more if it replays a trace. */
  public static final int MOST_THREADS = 64;

  /** A call costs 50 ns and reading the clock twice as much again: nobody keeps up with more. */
  public static final long MOST_RATE = 10_000_000;

  /** A year; a longer time would be a mistake, and its nanoseconds have to fit. */
  public static final long MOST_SECONDS = 31_536_000;

  /** Two threads that do a bit of everything, as fast as they can, until they are stopped. */
  public static final LoadSpec DEFAULT =
      new LoadSpec(2, 1, LoadWork.Synthetic.DEFAULT, OptionalLong.empty(), OptionalLong.empty());

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is out of its range, with name, value and range
   */
  public LoadSpec {
    check("threads", threads, 1, MOST_THREADS);
    rate.ifPresent(value -> check("rate", value, 1, MOST_RATE));
    seconds.ifPresent(value -> check("seconds", value, 1, MOST_SECONDS));
  }

  static void check(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + " " + value + " is not in " + least + " .. " + most);
    }
  }

  /**
   * {@return the same with another number of threads}
   *
   * @param number 1 to {@value #MOST_THREADS}
   */
  public LoadSpec withThreads(int number) {
    return new LoadSpec(number, seed, work, rate, seconds);
  }

  /**
   * {@return the same with another seed}
   *
   * @param value any value
   */
  public LoadSpec withSeed(long value) {
    return new LoadSpec(threads, value, work, rate, seconds);
  }

  /**
   * {@return the same with other work}
   *
   * @param other what each thread does
   */
  public LoadSpec withWork(LoadWork other) {
    return new LoadSpec(threads, seed, other, rate, seconds);
  }

  /**
   * {@return the same at a steady pace}
   *
   * @param perSecond calls per second of each thread, 1 to {@value #MOST_RATE}
   */
  public LoadSpec withRate(long perSecond) {
    return new LoadSpec(threads, seed, work, OptionalLong.of(perSecond), seconds);
  }

  /**
   * {@return the same for a limited time}
   *
   * @param number of seconds, 1 to {@value #MOST_SECONDS}
   */
  public LoadSpec withSeconds(long number) {
    return new LoadSpec(threads, seed, work, rate, OptionalLong.of(number));
  }
}
