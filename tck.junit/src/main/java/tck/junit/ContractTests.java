package tck.junit;

import allocator.api.AllocatorProvider;
import allocator.api.Settings;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;
import tck.Check;
import tck.Options;
import tck.Outcome;
import tck.Runner;
import tck.tiers.Kits;

/**
 * The checks of the contract as tests, one each:
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicNode> contract() {
 *   return ContractTests.of(new MyHeapProvider());
 * }
 * }</pre>
 *
 * <p>The system properties {@value #SEED} and {@value #EFFORT} change what is tried: another seed,
 * or more or fewer random calls than the {@value #USUAL_EFFORT} of {@code quarry verify} that suit
 * a build.
 */
public final class ContractTests {
  /** The system property with the seed, a whole number. */
  public static final String SEED = "quarry.tck.seed";

  /** The system property with the factor on the number of random calls. */
  public static final String EFFORT = "quarry.tck.effort";

  private static final double USUAL_EFFORT = 0.2;

  private ContractTests() {}

  /** {@return the tests of a provider with its default settings} */
  public static Stream<DynamicNode> of(AllocatorProvider provider) {
    return of(provider, Map.of());
  }

  /**
   * {@return the tests of a provider}
   *
   * @param provider the provider
   * @param settings key to text, as {@code --set} would give them
   */
  public static Stream<DynamicNode> of(AllocatorProvider provider, Map<String, String> settings) {
    Options options =
        Options.USUAL
            .withSeed(Long.getLong(SEED, Options.USUAL.seed()))
            .withEffort(Double.parseDouble(System.getProperty(EFFORT, "" + USUAL_EFFORT)))
            .withSettings(new Settings(provider.getClass().getSimpleName(), settings));
    return Kits.of(provider).checks(provider).stream().map(check -> test(check, options));
  }

  private static DynamicTest test(Check check, Options options) {
    return DynamicTest.dynamicTest(check.name(), () -> run(check, options));
  }

  private static void run(Check check, Options options) {
    Outcome outcome = Runner.run(check, options);
    switch (outcome.verdict()) {
      case PASSED -> {}
      case SKIPPED -> throw new TestAbortedException(outcome.seen());
      case FAILED, HUNG ->
          throw new AssertionFailedError(outcome.text() + System.lineSeparator() + outcome.trace());
    }
  }
}
