package kernel.swap;

import allocator.api.CensusSummary;
import allocator.api.CorruptionException;
import java.util.List;
import kernel.api.ProviderInfo;
import kernel.api.SwapRefusedException;
import kernel.backing.EngineMemory;
import kernel.guard.FrameGuard;
import kernel.slot.Binding;
import kernel.slot.FrameSlot;
import kernel.slot.ParkedEstate;
import physmem.api.FrameEngine;

/** The steps of the physmem tier. */
final class FrameSteps extends RangeSteps<FrameEngine, Binding<FrameEngine>> {
  private final int leastOrder;

  /**
   * Makes the steps.
   *
   * @param leastOrder the largest order that the kernel itself asks for
   */
  FrameSteps(Successors successors, FrameSlot slot, int leastOrder) {
    super(successors, slot);
    this.leastOrder = leastOrder;
  }

  @Override
  Binding<FrameEngine> open(ProviderInfo provider) {
    EngineMemory memory = successors.memory();
    FrameEngine engine = successors.openFrames(provider, memory);
    Binding<FrameEngine> made = new Binding<>(provider, engine, engine, memory);
    if (engine.maxOrder() < leastOrder) {
      discard(made);
      throw new SwapRefusedException(
          "%s serves orders up to %d; the kernel takes blocks of order %d (kernel:cluster.order)"
              .formatted(provider.name(), engine.maxOrder(), leastOrder));
    }
    return made;
  }

  @Override
  ParkedEstate writeDown(Binding<FrameEngine> from) {
    return new ParkedEstate(from.raw()::managed, from::live, List.of());
  }

  @Override
  void check(Binding<FrameEngine> to, CensusSummary census) {
    long free = to.raw().freeFrames();
    if (free + census.liveUnits() != census.managedUnits()) {
      throw new CorruptionException(
          "%s: %d frames live and %d free, of %d"
              .formatted(to.label(), census.liveUnits(), free, census.managedUnits()));
    }
  }

  @Override
  FrameSteps aside(Binding<FrameEngine> serving) {
    return new FrameSteps(successors, new FrameSlot(serving, 0), leastOrder);
  }

  // The engines of a rehearsal believe all RAM to be theirs, and are thrown away.
  @Override
  void populate(Binding<FrameEngine> serving) {
    for (int order = 0; order <= serving.raw().maxOrder(); order++) {
      serving.raw().allocate(0, order, 0);
    }
  }

  @Override
  Binding<FrameEngine> guarded(Binding<FrameEngine> binding) {
    return binding.behind(new FrameGuard(binding.raw()));
  }
}
