package tck;

import allocator.api.Settings;
import java.time.Duration;

/**
 * How hard to try.
 *
 * @param seed decides all that is random
 * @param effort a factor on the number of random calls: 1 for a minute or so of all checks on a
 *     quick provider, less for an author's build
 * @param limit how long one check may take; a check that takes longer is called hung
 * @param settings what the provider is opened with
 */
public record Options(long seed, double effort, Duration limit, Settings settings) {
  /** What `verify` uses unless told otherwise. */
  public static final Options USUAL =
      new Options(1, 1, Duration.ofSeconds(60), Settings.none("tck"));

  /**
   * {@return a number of calls for this effort}
   *
   * @param usual the number at effort 1
   */
  public int times(int usual) {
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.round(usual * effort)));
  }

  /**
   * {@return the same with another seed}
   *
   * @param other the seed
   */
  public Options withSeed(long other) {
    return new Options(other, effort, limit, settings);
  }

  /**
   * {@return the same with another effort}
   *
   * @param other the effort: 1 is usual
   */
  public Options withEffort(double other) {
    return new Options(seed, other, limit, settings);
  }

  /**
   * {@return the same with other settings for the provider}
   *
   * @param other the settings
   */
  public Options withSettings(Settings other) {
    return new Options(seed, effort, limit, other);
  }
}
