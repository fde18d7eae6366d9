package verify;

import java.util.List;
import tck.Outcome;

/**
 * What came of the verification of a bundle.
 *
 * @param file the jar
 * @param bundle its Bundle-SymbolicName
 * @param version its version
 * @param seed the seed of all that was random
 * @param providers what came of each provider of the bundle
 */
public record Verification(
    String file, String bundle, String version, long seed, List<Verified> providers) {
  /**
   * What came of one provider.
   *
   * @param tier the tier's label
   * @param name the provider's name
   * @param model what it is modelled on, as it says
   * @param outcomes the checks, in the order in which they ran
   */
  public record Verified(String tier, String name, String model, List<Outcome> outcomes) {
    /** Copies the list. */
    public Verified {
      outcomes = List.copyOf(outcomes);
    }

    /** {@return whether no check failed or hung} */
    public boolean good() {
      return outcomes.stream().allMatch(Outcome::good);
    }
  }

  /** Copies the list. */
  public Verification {
    providers = List.copyOf(providers);
  }

  /** {@return whether the contract holds as far as it was tried} */
  public boolean good() {
    return providers.stream().allMatch(Verified::good);
  }
}
