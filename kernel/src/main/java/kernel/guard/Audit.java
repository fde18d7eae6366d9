package kernel.guard;

import allocator.api.Allocator;
import allocator.api.CensusCount;
import allocator.api.CensusSummary;
import kernel.slot.Witness;

/** Compares what an engine says of itself with what its guard knows. */
final class Audit {
  private Audit() {}

  /**
   * {@return the census, on which engine and witness agree}
   *
   * @throws kernel.slot.ContractViolation if they do not
   */
  static CensusSummary agreed(Allocator raw, Witness witness, Shadow shadow) {
    CensusSummary said = raw.census();
    CensusCount known = new CensusCount();
    witness.live(known);
    CensusSummary seen = known.summary(said.managedUnits());
    CensusCount walked = new CensusCount();
    raw.walk(walked);
    CensusSummary shown = walked.summary(said.managedUnits());
    if (!said.equals(seen) || !shown.equals(seen)) {
      throw shadow.violation(
          "census", "it says %s and shows %s; live are %s".formatted(said, shown, seen));
    }
    return said;
  }
}
