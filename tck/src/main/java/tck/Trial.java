package tck;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** What a running check knows and counts. Safe for use by several threads. */
public final class Trial {
  private final Options options;
  private final LongAdder facts = new LongAdder();

  /**
   * Begins with no fact.
   *
   * @param options seed, effort and settings
   */
  public Trial(Options options) {
    this.options = options;
  }

  /** {@return seed, effort and settings} */
  public Options options() {
    return options;
  }

  /** Counts one fact that was compared and held. */
  public void fact() {
    facts.increment();
  }

  /**
   * Counts facts that were compared and held.
   *
   * @param more how many
   */
  public void facts(long more) {
    facts.add(more);
  }

  /** {@return the facts so far, so that a check that sees nothing shows} */
  public long facts() {
    return facts.sum();
  }

  /**
   * Requires what a clause says.
   *
   * @param clause the number of the clause
   * @param holds whether it holds
   * @param seen what was seen if it does not
   * @throws Broken if it does not
   */
  public void require(String clause, boolean holds, Supplier<String> seen) {
    if (!holds) {
      throw new Broken(clause, seen.get());
    }
    facts.increment();
  }
}
