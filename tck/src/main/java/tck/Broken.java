package tck;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A clause of the contract does not hold, with what was seen and how to see it again. */
public final class Broken extends AssertionError {
  private static final long serialVersionUID = 1;

  /** The number of the clause. */
  private final String clause;

  private final transient Optional<Script> script;

  /**
   * Makes a finding.
   *
   * @param clause the number of the clause that is broken
   * @param seen what was expected and what was seen, with its values
   */
  public Broken(String clause, String seen) {
    this(clause, seen, Optional.empty(), null);
  }

  private Broken(String clause, String seen, Optional<Script> script, @Nullable Throwable cause) {
    super(seen, cause);
    this.clause = clause;
    this.script = script;
  }

  /**
   * {@return a finding whose cause is an exception that should not have been thrown}
   *
   * @param clause the number of the clause
   * @param seen what was called
   * @param cause what it threw
   */
  public static Broken by(String clause, String seen, Throwable cause) {
    return new Broken(clause, seen + ": " + cause, Optional.empty(), cause);
  }

  /**
   * {@return the same finding with the calls that lead to it}
   *
   * @param calls a script that ends in the failure
   */
  public Broken with(Script calls) {
    Broken whole = new Broken(clause, seen(), Optional.of(calls), getCause());
    whole.setStackTrace(getStackTrace());
    return whole;
  }

  /** {@return the number of the clause that is broken} */
  public String clause() {
    return clause;
  }

  /** {@return what was expected and what was seen} */
  public String seen() {
    return String.valueOf(super.getMessage());
  }

  /** {@return calls that lead to it, if a random sequence found it} */
  public Optional<Script> script() {
    return script;
  }

  @Override
  public String getMessage() {
    return seen()
        + System.lineSeparator()
        + "broken: "
        + Contract.clause(clause)
        + script.map(calls -> System.lineSeparator() + calls.text()).orElse("");
  }
}
