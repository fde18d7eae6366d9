package workbench.age;

import java.util.List;

/**
 * A machine at the midnight that ends a simulated day.
 *
 * @param day 0 for the machine as it was booted
 * @param live frames that the model holds
 * @param free frames that the provider has free
 * @param wanted blocks of order 9 that were asked for as a test, and given back
 * @param got how many of them there were
 * @param freeHuge free blocks of order 9 in the provider's own report, before the test
 * @param unusable the unusable free index by order from 0, in thousandths
 * @param external the external fragmentation index for order 9, in thousandths, -1000 to 1000
 * @param mixed aligned blocks of order 9 in which something lies that cannot be moved
 * @param split requests of the day above order 0 that were served in single frames
 * @param failed frames of the day that could not be had at all
 * @param moved blocks that compaction moved on this day, the test included
 */
public record AgeDay(
    int day,
    long live,
    long free,
    int wanted,
    int got,
    long freeHuge,
    List<Long> unusable,
    long external,
    long mixed,
    long split,
    long failed,
    long moved) {
  private static final int PERCENT = 100;

  /** {@return the share of the test's blocks that there were, in percent} */
  public long success() {
    return wanted == 0 ? 0 : (long) PERCENT * got / wanted;
  }
}
