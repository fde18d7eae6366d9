package tck;

import java.util.Optional;

/**
 * What came of one check.
 *
 * @param check its name
 * @param verdict whether it held
 * @param facts how many single facts were compared
 * @param nanos how long it took
 * @param clause the number of the clause that is broken, if the check could tell
 * @param seen what was expected and what was seen, in one line or a few; empty if it passed
 * @param script calls that lead to the failure, if a random sequence found it
 * @param trace the stack trace of the failure; empty if it passed
 */
public record Outcome(
    String check,
    Verdict verdict,
    long facts,
    long nanos,
    Optional<String> clause,
    String seen,
    Optional<Script> script,
    String trace) {
  /** Whether a check held. */
  public enum Verdict {
    /** Everything that was compared held. */
    PASSED,
    /** Something did not hold, or the provider threw what it must not. */
    FAILED,
    /** It did not end in time. */
    HUNG,
    /** There was nothing to try: the provider does not offer what the check is about. */
    SKIPPED
  }

  /** {@return whether it neither failed nor hung} */
  public boolean good() {
    return verdict == Verdict.PASSED || verdict == Verdict.SKIPPED;
  }
}
