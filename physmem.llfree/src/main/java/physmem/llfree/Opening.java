package physmem.llfree;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import physmem.api.FrameContext;

/** Opens the parts of an allocator in the state that its settings ask for. For one use. */
final class Opening {
  private final LlfreeSettings settings;
  private final Machine machine;
  private final Optional<Store> store;

  /**
   * Lays out the metadata.
   *
   * @param context RAM and room for metadata
   * @param settings the settings
   * @param cells access to the metadata
   * @param stores where the lower level's metadata is to lie, if not in the context's memory
   */
  Opening(
      FrameContext context,
      LlfreeSettings settings,
      Cells cells,
      Function<RamMap, Optional<Store>> stores) {
    this.settings = settings;
    int treeFrames = settings.treeChildren() * Layout.CHILD_FRAMES;
    RamMap map = new RamMapBuilder(context, treeFrames).build();
    this.store = stores.apply(map);
    store.filter(there -> settings.init().needsStore()).ifPresent(there -> there.check(map));
    Memory memory = Memory.reserve(context, map, context.cpus(), store);
    this.machine = new Machine(map, memory, context.cpus(), settings.reserve(), cells);
  }

  /** {@return what maps the file that the settings name, if they name one} */
  static Function<RamMap, Optional<Store>> stores(LlfreeSettings settings) {
    return map ->
        settings.store().isEmpty()
            ? Optional.empty()
            : Optional.of(Store.map(Path.of(settings.store()), map));
  }

  Optional<Store> store() {
    return store;
  }

  /** {@return the machine, with its frames in the state asked for} */
  Machine open() {
    boolean crashed = store.isPresent() && store.get().isCrashed();
    switch (settings.init()) {
      case FREE -> seed();
      case ALLOCATED -> {
        seed();
        machine.allocateAll();
      }
      case RECOVER -> recover(crashed);
      case TRUST -> recover(false);
    }
    store.ifPresent(there -> there.open(machine.map()));
    return machine;
  }

  private void seed() {
    store.ifPresent(Store::clear);
    machine.seed();
  }

  private void recover(boolean repair) {
    Recovery recovery = new Recovery(machine);
    if (repair) {
      recovery.repair();
      new Audit(machine).run();
    } else {
      recovery.trust();
    }
  }
}
