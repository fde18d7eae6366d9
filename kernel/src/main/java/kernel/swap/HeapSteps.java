package kernel.swap;

import allocator.api.CensusSummary;
import allocator.api.CorruptionException;
import allocator.api.LayoutState;
import allocator.api.TransferRefusedException;
import heap.api.HeapEngine;
import heap.api.HeapPort;
import java.util.List;
import java.util.Optional;
import kernel.api.ProviderInfo;
import kernel.api.SwapForm;
import kernel.backing.EngineMemory;
import kernel.backing.HeapSpans;
import kernel.backing.OwnedSpans;
import kernel.guard.HeapGuard;
import kernel.lodge.Lodgers;
import kernel.lodge.Lodging;
import kernel.slot.HeapBinding;
import kernel.slot.HeapSlot;
import kernel.slot.ParkedEstate;

/** The steps of the heap tier. */
final class HeapSteps extends TierSteps<HeapEngine, HeapBinding> {
  private static final ParkedEstate NOTHING = new ParkedEstate(none -> {}, none -> {}, List.of());

  private static final int REHEARSAL_BLOCKS = 32;
  private static final int REHEARSAL_SIZES = 8; // 16 bytes to 2 KiB

  private final long[] rehearsed = new long[REHEARSAL_BLOCKS];
  private final HeapSpans spans;
  private final HeapSlot heap;
  private final Lodgers lodgers;

  HeapSteps(Successors successors, HeapSlot slot, HeapSpans spans) {
    super(successors, slot);
    this.heap = slot;
    this.spans = spans;
    this.lodgers = slot.lodgers();
  }

  @Override
  HeapBinding open(ProviderInfo provider) {
    EngineMemory memory = successors.memory();
    OwnedSpans own = new OwnedSpans(spans, lodgers.owners(), lodgers.takeNumber());
    boolean done = false;
    try {
      HeapEngine engine = successors.openHeap(provider, memory, own);
      done = true;
      return new HeapBinding(provider, engine, engine, memory, own);
    } finally {
      if (!done) {
        giveBack(own, memory);
      }
    }
  }

  private void giveBack(OwnedSpans own, EngineMemory memory) {
    own.revoke();
    own.releaseAll();
    memory.releaseAll();
    lodgers.giveNumber(own.owner());
  }

  @Override
  void discard(HeapBinding successor) {
    try {
      successor.raw().close();
    } finally {
      giveBack(successor.spans(), successor.memory());
    }
  }

  // In place: what is live stays what it was, so there is nothing to count.
  @Override
  Handover adopt(HeapBinding from, HeapBinding to, LayoutState state) {
    to.raw().adopt(state);
    long before = from.raw().footprint();
    long after = to.raw().footprint();
    if (after != before) {
      throw new CorruptionException(
          "heap: %s held %d bytes, %s holds %d".formatted(from.label(), before, to.label(), after));
    }
    return new Handover(SwapForm.ADOPT, CensusSummary.EMPTY, CensusSummary.EMPTY);
  }

  // Most heaps cannot represent another's blocks, and say so when they are shown nothing at all;
  // others depend on the blocks. A refusal has changed nothing, so the blocks may lodge.
  @Override
  Handover rebuild(ParkedEstate nothing, HeapBinding from, HeapBinding to, boolean dryRun) {
    ParkedEstate estate = new ParkedEstate(from.spans()::forEachMapped, from::live, List.of());
    try {
      to.raw().rebuild(nothing, true);
      to.raw().rebuild(estate, dryRun);
    } catch (TransferRefusedException e) {
      return new Handover(SwapForm.LODGE, CensusSummary.EMPTY, CensusSummary.EMPTY);
    }
    CensusSummary before = estate.census();
    CensusSummary after = dryRun ? before : to.raw().census();
    if (after.liveCount() != before.liveCount() || after.checksum() != before.checksum()) {
      throw new CorruptionException(
          "heap: the predecessor had %s, %s has %s".formatted(before, to.label(), after));
    }
    return new Handover(SwapForm.REBUILD, before, after);
  }

  @Override
  Handover unpark(ParkedEstate estate, HeapBinding to) {
    return new Handover(SwapForm.UNPARK, CensusSummary.EMPTY, CensusSummary.EMPTY);
  }

  @Override
  ParkedEstate writeDown(HeapBinding from) {
    return NOTHING; // the blocks become lodgers
  }

  @Override
  void commit(Optional<HeapBinding> from, HeapBinding to, Handover handover) {
    switch (handover.form()) {
      case ADOPT -> from.ifPresent(predecessor -> takeOver(predecessor, to));
      case REBUILD -> from.ifPresent(predecessor -> to.spans().absorb(predecessor.spans()));
      case LODGE -> from.ifPresent(this::lodge);
      case PARK, UNPARK -> {}
    }
    slot.bind(to);
  }

  private static void takeOver(HeapBinding from, HeapBinding to) {
    to.spans().exchange(from.spans());
    to.memory().takeOver(from.memory());
    from.raw().handedOver();
  }

  private void lodge(HeapBinding from) {
    lodgers.add(new Lodging(from.label(), from.raw(), from.spans()));
  }

  @Override
  void park(HeapBinding from, ParkedEstate estate) {
    lodge(from);
    super.park(from, estate);
  }

  private static boolean lodges(Handover handover) {
    return handover.form() == SwapForm.LODGE || handover.form() == SwapForm.PARK;
  }

  @Override
  Optional<CensusSummary> settle(HeapBinding from, Handover handover) {
    from.spans().revoke();
    if (handover.form() == SwapForm.REBUILD) {
      from.spans().releaseAll(); // addresses without frames, which the successor did not want
    }
    return lodges(handover) ? Optional.of(list(from)) : Optional.empty();
  }

  @Override
  void clear(HeapBinding from, Handover handover) {
    super.clear(from, handover);
    if (!lodges(handover)) {
      lodgers.giveNumber(from.spans().owner());
    }
    lodgers.dropEmpty();
  }

  // In the checked mode the witness is believed, not the engine.
  private CensusSummary list(HeapBinding from) {
    Lodging lodging =
        lodgers.all().stream()
            .filter(each -> each.owner() == from.spans().owner())
            .findFirst()
            .orElseThrow();
    if (from.witness().isPresent()) {
      lodging.enumerateFrom(from.witness().get()::live);
    } else {
      lodging.enumerate();
    }
    return lodging.censusAtSwap();
  }

  @Override
  HeapSteps aside(HeapBinding serving) {
    HeapSlot slot = new HeapSlot(serving, spans, heap.window(), lodgers, () -> "", 0);
    return new HeapSteps(successors, slot, spans);
  }

  @Override
  void populate(HeapBinding serving) {
    try (HeapPort port = heap.open(0)) {
      for (int i = 0; i < rehearsed.length; i++) {
        rehearsed[i] = port.allocate(16L << (i % REHEARSAL_SIZES));
      }
    }
  }

  @Override
  void depopulate() {
    try (HeapPort port = heap.open(0)) {
      port.freeBulk(rehearsed, 0, rehearsed.length);
    }
  }

  @Override
  void cleanUp(HeapBinding first) {
    lodgers.evict(first.spans().owner());
  }

  @Override
  HeapBinding guarded(HeapBinding binding) {
    return binding.behind(new HeapGuard(binding.raw(), binding.spans(), heap.window()));
  }
}
