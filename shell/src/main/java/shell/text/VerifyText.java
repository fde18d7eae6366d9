package shell.text;

import java.io.PrintStream;
import java.util.Locale;
import kernel.api.ProviderInfo;
import tck.Check;
import tck.Clause;
import tck.Contract;
import tck.Outcome;
import tck.Outcome.Verdict;
import verify.Verification;
import verify.Verification.Verified;

/** A verification as it goes on: a line per check, and all about one that failed. */
public final class VerifyText {
  private static final String OWN_WORDS = AssertionError.class.getName(); // trace of a check
  private static final double SECOND = 1e9;
  private static final int MOST_LINES = 12; // of a stack trace
  private static final String INDENT = "      ";
  private static final String LINE = "  %-22s %-8s %12s  %7s%n";

  private final PrintStream out;

  /**
   * Begins.
   *
   * @param out where to print
   */
  public VerifyText(PrintStream out) {
    this.out = out;
  }

  /** Prints whose checks follow. */
  public void provider(ProviderInfo provider) {
    out.printf(
        "%s %s of %s %s, modelled on %s%n",
        provider.tier().label(),
        provider.name(),
        provider.bundle(),
        provider.version(),
        provider.model());
    out.printf(LINE, "CHECK", "", "FACTS", "SECONDS");
  }

  /** Shows what is under way, until {@link #ended} writes over it. */
  public void begins(Check check) {
    out.printf("  %-22s …\r", check.name());
    out.flush();
  }

  /** Prints what came of a check. */
  public void ended(Outcome outcome) {
    out.printf(
        LINE,
        outcome.check(),
        outcome.verdict().label(),
        String.format(Locale.ROOT, "%,d", outcome.facts()),
        String.format(Locale.ROOT, "%.1f", outcome.nanos() / SECOND));
    switch (outcome.verdict()) {
      case PASSED -> {}
      case SKIPPED -> indented(outcome.seen());
      case FAILED, HUNG -> failed(outcome);
    }
  }

  private void failed(Outcome outcome) {
    indented(outcome.seen());
    outcome.clause().map(Contract::clause).ifPresent(this::clause);
    outcome
        .script()
        .ifPresent(calls -> {
          indented("Play it again with --script, from a file with these lines:");
          indented(calls.text());
        });
    if (outcome.clause().isEmpty() && !outcome.trace().startsWith(OWN_WORDS)) {
      outcome.trace().lines().limit(MOST_LINES).forEach(this::indented);
    }
  }

  private void clause(Clause clause) {
    Wrap.print(
        INDENT + "Broken is clause " + clause.id() + ", " + clause.place() + ": ",
        INDENT + "  ",
        clause.text(),
        out);
  }

  private void indented(String text) {
    text.lines().forEach(line -> out.println(INDENT + line));
  }

  /** Prints how it ended. */
  public void sum(Verification verification) {
    for (Verified each : verification.providers()) {
      out.printf(
          "%s %s: %d checks passed, %d skipped, %d FAILED%n",
          each.tier(),
          each.name(),
          count(each, Verdict.PASSED),
          count(each, Verdict.SKIPPED),
          count(each, Verdict.FAILED) + count(each, Verdict.HUNG));
    }
  }

  private static long count(Verified verified, Verdict verdict) {
    return verified.outcomes().stream().filter(each -> each.verdict() == verdict).count();
  }
}
