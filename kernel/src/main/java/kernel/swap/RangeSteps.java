package kernel.swap;

import allocator.api.Allocator;
import allocator.api.CensusSummary;
import allocator.api.CorruptionException;
import allocator.api.LayoutState;
import java.util.Optional;
import kernel.api.SwapForm;
import kernel.slot.Binding;
import kernel.slot.ParkedEstate;
import kernel.slot.Slot;

/** Tiers whose ranges any engine can represent: frames and addresses. */
abstract class RangeSteps<E extends Allocator, B extends Binding<E>> extends TierSteps<E, B> {
  RangeSteps(Successors successors, Slot<E, B> slot) {
    super(successors, slot);
  }

  @Override
  final Handover adopt(B from, B to, LayoutState state) {
    CensusSummary before = from.raw().census();
    to.raw().adopt(state);
    return new Handover(SwapForm.ADOPT, before, agreed(before, to));
  }

  @Override
  final Handover rebuild(ParkedEstate estate, B from, B to, boolean dryRun) {
    return rebuild(SwapForm.REBUILD, estate, to, dryRun);
  }

  @Override
  final Handover unpark(ParkedEstate estate, B to) {
    return rebuild(SwapForm.UNPARK, estate, to, false);
  }

  private Handover rebuild(SwapForm form, ParkedEstate estate, B to, boolean dryRun) {
    to.raw().rebuild(estate, dryRun);
    CensusSummary before = estate.census();
    return new Handover(form, before, dryRun ? before : agreed(before, to));
  }

  private CensusSummary agreed(CensusSummary before, B to) {
    CensusSummary after = to.raw().census();
    if (!after.equals(before)) {
      throw new CorruptionException(
          "%s: the predecessor had %s, %s has %s"
              .formatted(slot.tier().label(), before, to.label(), after));
    }
    check(to, after);
    return after;
  }

  /** Checks what the tier can check beside. */
  void check(B to, CensusSummary census) {}

  @Override
  void commit(Optional<B> from, B to, Handover handover) {
    if (handover.form() == SwapForm.ADOPT) {
      from.ifPresent(predecessor -> {
        to.memory().takeOver(predecessor.memory());
        predecessor.raw().handedOver();
      });
    }
    slot.bind(to);
  }
}
