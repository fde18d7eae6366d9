package kernel.swap;

import allocator.api.CensusSummary;
import allocator.api.CorruptionException;
import java.util.List;
import java.util.Optional;
import kernel.api.ProviderInfo;
import kernel.backing.EngineMemory;
import kernel.guard.AddressGuard;
import kernel.slot.AddressBinding;
import kernel.slot.AddressSlot;
import kernel.slot.ParkedEstate;
import vmem.api.AddressArena;
import vmem.api.AddressEngine;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/** The steps of the vmem tier. */
final class AddressSteps extends RangeSteps<AddressEngine, AddressBinding> {
  private static final long REHEARSAL_QUANTUM = 4096;
  private static final long REHEARSAL_BYTES = 1L << 30;
  private static final int REHEARSAL_RANGES = 16;

  private final AddressSlot addresses;

  AddressSteps(Successors successors, AddressSlot slot) {
    super(successors, slot);
    this.addresses = slot;
  }

  @Override
  AddressBinding open(ProviderInfo provider) {
    EngineMemory memory = successors.memory();
    AddressEngine engine = successors.openAddresses(provider, memory);
    return new AddressBinding(provider, engine, engine, memory);
  }

  @Override
  ParkedEstate writeDown(AddressBinding from) {
    return new ParkedEstate(from.raw()::managed, from::live, specs(from.raw()));
  }

  private static List<ArenaSpec> specs(AddressEngine engine) {
    return engine.arenas().stream().map(arena -> arena.spec()).toList();
  }

  @Override
  void check(AddressBinding to, CensusSummary census) {
    List<ArenaSpec> made = specs(to.raw());
    for (ArenaSpec spec : addresses.specs()) {
      if (!made.contains(spec)) {
        throw new CorruptionException(
            "%s has not made arena %s".formatted(to.label(), spec.name()));
      }
    }
  }

  // The binding finds the arenas that the engine has by now.
  @Override
  void commit(Optional<AddressBinding> from, AddressBinding to, Handover handover) {
    super.commit(from, to.behind(to.engine()), handover);
  }

  @Override
  AddressSteps aside(AddressBinding serving) {
    return new AddressSteps(successors, new AddressSlot(serving, 0));
  }

  @Override
  void populate(AddressBinding serving) {
    AddressArena arena = addresses.createArena(ArenaSpec.of("rehearsal", REHEARSAL_QUANTUM));
    arena.addSpan(0, REHEARSAL_BYTES);
    for (int i = 1; i <= REHEARSAL_RANGES; i++) {
      arena.allocate(0, i * REHEARSAL_QUANTUM, FitPolicy.INSTANT);
    }
  }

  @Override
  AddressBinding guarded(AddressBinding binding) {
    return binding.behind(new AddressGuard(binding.raw()));
  }
}
