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
    PASSED("passed"),
    /** Something did not hold, or the provider threw what it must not. */
    FAILED("FAILED"),
    /** It did not end in time. */
    HUNG("HUNG"),
    /** There was nothing to try: the provider does not offer what the check is about. */
    SKIPPED("skipped");

    private final String label;

    Verdict(String label) {
      this.label = label;
    }

    /** {@return what results call it} */
    public String label() {
      return label;
    }
  }

  /** {@return whether it neither failed nor hung} */
  public boolean good() {
    return verdict == Verdict.PASSED || verdict == Verdict.SKIPPED;
  }

  /** {@return all that is to be said of it: what was seen, the clause, and the script} */
  public String text() {
    String line = System.lineSeparator();
    return seen
        + clause.map(id -> line + "broken: " + Contract.clause(id)).orElse("")
        + script.map(calls -> line + calls.text().stripTrailing()).orElse("");
  }
}
