package tck;

import allocator.api.AllocatorProvider;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Plays scripts and makes those that fail short. */
public final class Scripts {
  private static final long SHRINK_NANOS = TimeUnit.SECONDS.toNanos(8);

  private Scripts() {}

  /**
   * Plays a script.
   *
   * @param kit has the player
   * @param provider what to try
   * @param script the calls
   * @param trial counts the facts
   * @throws Broken with a short script, if a clause does not hold
   */
  public static void play(Kit kit, AllocatorProvider provider, Script script, Trial trial) {
    try {
      kit.play(provider, script, trial);
    } catch (Broken e) {
      throw e.with(shrunk(kit, provider, script, trial, e.clause()));
    }
  }

  private static Script shrunk(
      Kit kit, AllocatorProvider provider, Script script, Trial trial, String clause) {
    List<String> steps =
        Shrinker.shrink(
            script.steps(),
            fewer -> clause.equals(broken(kit, provider, script.withSteps(fewer), trial)),
            Math.min(SHRINK_NANOS, trial.options().limit().toNanos() / 4));
    return script.withSteps(steps);
  }

  private static String broken(Kit kit, AllocatorProvider provider, Script script, Trial trial) {
    try {
      kit.play(provider, script, trial);
      return "";
    } catch (Broken e) {
      return e.clause();
    } catch (RuntimeException | StackOverflowError e) {
      return ""; // another failure than the one that is looked for
    }
  }
}
