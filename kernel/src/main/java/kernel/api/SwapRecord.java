package kernel.api;

import allocator.api.CensusSummary;
import allocator.api.Tier;
import java.time.Instant;
import java.util.List;

/**
 * What became of an exchange.
 *
 * @param number counts the exchanges of a system from 1
 * @param begun when it began
 * @param tier the tier
 * @param from the predecessor, as {@code NAME VERSION}, or {@code -} where there was none
 * @param to the successor, or {@code -} where there is none
 * @param cause what brought it about
 * @param who who asked, or what went away
 * @param form how what was live was passed on; the best that was tried if the exchange was aborted
 * @param outcome the state that it ended in
 * @param reached the last state before it was aborted; else the outcome
 * @param dryRun whether it was only tried; then it was aborted on purpose
 * @param forced whether {@code --force} was given
 * @param phases when it came into each state
 * @param pauseNanos how long callers were kept waiting at most
 * @param before what was live in the predecessor
 * @param after what is live in the successor and, for {@link SwapForm#LODGE}, as its lodgers
 * @param message why it was aborted, or what else is to be said; else empty
 */
public record SwapRecord(
    int number,
    Instant begun,
    Tier tier,
    String from,
    String to,
    SwapCause cause,
    String who,
    SwapForm form,
    SwapState outcome,
    SwapState reached,
    boolean dryRun,
    boolean forced,
    List<SwapPhase> phases,
    long pauseNanos,
    CensusSummary before,
    CensusSummary after,
    String message) {
  /** Copies the phases. */
  public SwapRecord {
    phases = List.copyOf(phases);
  }

  /** {@return whether the successor serves} */
  public boolean done() {
    return outcome.isCommitted();
  }
}
