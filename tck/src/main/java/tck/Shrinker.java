package tck;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a failing script short: takes steps out as long as it still fails, then makes numbers
 * small.
 *
 * <p>Steps are taken out in runs that get shorter by half, as in delta debugging (Zeller and
 * Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE TSE 2002). The script stays
 * runnable because a step whose names nothing has is passed over.
 */
public final class Shrinker {
  private static final Pattern NUMBER = Pattern.compile("(?<![\\w.])\\d+(?![\\w.])");

  private final Predicate<List<String>> fails;
  private final long deadline;

  private Shrinker(Predicate<List<String>> fails, long nanos) {
    this.fails = fails;
    this.deadline = System.nanoTime() + nanos;
  }

  /**
   * Makes a list of steps short.
   *
   * @param steps steps that fail
   * @param fails whether steps fail in the same way
   * @param nanos how long to try at most
   * @return steps that fail, none of which can be left out, if time allowed
   */
  public static List<String> shrink(List<String> steps, Predicate<List<String>> fails, long nanos) {
    Shrinker shrinker = new Shrinker(fails, nanos);
    return shrinker.smaller(shrinker.shorter(steps));
  }

  private boolean late() {
    return System.nanoTime() - deadline > 0;
  }

  private List<String> shorter(List<String> steps) {
    List<String> shortest = steps;
    for (int run = Math.max(1, steps.size() / 2); run >= 1; run /= 2) {
      int before;
      do {
        before = shortest.size();
        shortest = without(shortest, run);
      } while (run == 1 && shortest.size() < before && !late());
    }
    return shortest;
  }

  // From the end: what comes late is less likely to be needed by what is left.
  private List<String> without(List<String> steps, int run) {
    List<String> left = new ArrayList<>(steps);
    for (int to = left.size(); to > 0 && !late(); to -= run) {
      List<String> fewer = new ArrayList<>(left);
      fewer.subList(Math.max(0, to - run), to).clear();
      if (fails.test(fewer)) {
        left = fewer;
      }
    }
    return left;
  }

  private List<String> smaller(List<String> steps) {
    List<String> smallest = new ArrayList<>(steps);
    for (int i = 0; i < smallest.size(); i++) {
      Matcher numbers = NUMBER.matcher(smallest.get(i));
      for (int at = 0; !late() && numbers.find(at); at = numbers.end()) {
        lessen(smallest, i, numbers.start(), numbers.end());
        numbers = NUMBER.matcher(smallest.get(i));
        if (!numbers.find(at)) {
          break;
        }
      }
    }
    return smallest;
  }

  // The least number between 0 and what is there for which it fails, as far as halving finds it.
  private void lessen(List<String> steps, int line, int start, int end) {
    String step = steps.get(line);
    long high = number(step.substring(start, end));
    long low = 0;
    while (low < high && !late()) {
      long middle = low + (high - low) / 2;
      String changed = step.substring(0, start) + middle + step.substring(end);
      List<String> others = new ArrayList<>(steps);
      others.set(line, changed);
      if (fails.test(others)) {
        high = middle;
        steps.set(line, changed);
      } else {
        low = middle + 1;
      }
    }
  }

  private static long number(String digits) {
    return digits.length() > 18 ? 0 : Long.parseLong(digits);
  }
}
