package physmem.llfree;

import allocator.api.LayoutState;
import allocator.api.TransferForm;
import allocator.api.TransferRefusedException;
import java.util.Map;

/** What two allocators must agree on so that one can go on with the other's metadata in place. */
final class Handover {
  /** The layout that is handed over and taken: see {@link Layout}. */
  static final TransferForm FORM = new TransferForm("physmem.llfree", 1);

  private Handover() {}

  static LayoutState describe(Machine machine) {
    return new LayoutState(FORM, machine.memory().segments(), figures(machine));
  }

  private static Map<String, Long> figures(Machine machine) {
    RamMap map = machine.map();
    return Map.of(
        "treeFrames",
        (long) map.treeFrames(),
        "slots",
        map.slots(),
        "cpus",
        (long) machine.reservations().cpus(),
        "map",
        map.signature());
  }

  /**
   * {@return another allocator's metadata}
   *
   * @throws TransferRefusedException if a machine cannot go on with it
   */
  static Memory accept(LayoutState state, Machine machine) {
    Map<String, Long> figures = figures(machine);
    if (!state.form().equals(FORM) || !state.figures().equals(figures)) {
      throw new TransferRefusedException(
          "%s with %s cannot take over %s with %s"
              .formatted(FORM, figures, state.form(), state.figures()));
    }
    Memory memory = new Memory(state.segments(), 0);
    if (!memory.fits(machine.map(), machine.reservations().cpus())) {
      throw new TransferRefusedException(
          "the segments are too small for " + machine.map().slots() + " slots");
    }
    return memory;
  }
}
