package kernel.swap;

import allocator.api.Allocator;
import allocator.api.CensusSummary;
import allocator.api.LayoutState;
import allocator.api.TransferForm;
import java.util.Optional;
import kernel.api.ProviderInfo;
import kernel.slot.Binding;
import kernel.slot.ParkedEstate;
import kernel.slot.Slot;

/**
 * What an exchange does differently in each tier.
 *
 * @param <E> the kind of engine
 * @param <B> the kind of binding
 */
abstract class TierSteps<E extends Allocator, B extends Binding<E>> {
  final Successors successors;
  final Slot<E, B> slot;

  TierSteps(Successors successors, Slot<E, B> slot) {
    this.successors = successors;
    this.slot = slot;
  }

  /** Opens a successor that nobody sees yet. */
  abstract B open(ProviderInfo provider);

  /** Ends a successor that was not to be. */
  void discard(B successor) {
    successor.raw().close();
    successor.memory().releaseAll();
  }

  /** {@return the layout that one can hand over and the other take, if there is one} */
  Optional<TransferForm> layout(B from, B to) {
    return from.witness().isPresent()
        ? Optional.empty() // what the engine says of itself is not believed
        : from.raw().exportForms().stream().filter(to.raw().importForms()::contains).findFirst();
  }

  /**
   * Has the successor take structures over in place, with nobody inside. The predecessor is only
   * read.
   *
   * @return both censuses, which agree
   * @throws allocator.api.TransferRefusedException if the successor does not take them
   */
  abstract Handover adopt(B from, B to, LayoutState state);

  /**
   * Writes down what a successor has to represent, with nobody inside. The predecessor is only
   * read.
   */
  abstract ParkedEstate writeDown(B from);

  /**
   * Has the successor represent what was written down, or settles that it need not.
   *
   * @return how it was done and both censuses, which agree
   * @throws allocator.api.TransferRefusedException naming a range that cannot be represented
   */
  abstract Handover rebuild(ParkedEstate estate, B from, B to, boolean dryRun);

  /** Passes a parked census on. */
  abstract Handover unpark(ParkedEstate estate, B to);

  /** Makes the successor serve: cannot fail. */
  abstract void commit(Optional<B> from, B to, Handover handover);

  /** Makes nobody serve: cannot fail. */
  void park(B from, ParkedEstate estate) {
    slot.park(estate);
  }

  /**
   * Finishes what the commit has put off, while the predecessor is still there to be read.
   *
   * @return what it had live at the exchange, if that was not known before
   */
  Optional<CensusSummary> settle(B from, Handover handover) {
    return Optional.empty();
  }

  /** Clears up after the predecessor, whether it closed as it should or not; calls it no more. */
  void clear(B from, Handover handover) {
    from.memory().releaseAll();
  }

  /**
   * {@return the same steps for a slot that nobody else knows, to rehearse on}
   *
   * @param serving what that slot serves from
   */
  abstract TierSteps<E, B> aside(B serving);

  /** Has a few ranges live in an engine that is rehearsed with, which hold nothing for long. */
  abstract void populate(B serving);

  /** Frees, through the slot, what {@link #populate} made. */
  void depopulate() {}

  /** Gives back whatever of a rehearsal is left, with an engine that may be broken. */
  void cleanUp(B rehearsed) {}

  /** {@return the same binding with its engine guarded} */
  abstract B guarded(B binding);
}
