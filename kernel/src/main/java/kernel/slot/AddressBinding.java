package kernel.slot;

import java.util.Map;
import java.util.stream.Collectors;
import kernel.api.ProviderInfo;
import kernel.backing.EngineMemory;
import vmem.api.AddressArena;
import vmem.api.AddressEngine;

/** What the vmem slot serves from, with the engine's arenas by name. */
public final class AddressBinding extends Binding<AddressEngine> {
  private final Map<String, AddressArena> arenas;

  /**
   * Makes a binding.
   *
   * @param info the provider
   * @param raw the engine that the provider opened
   * @param face what is called: the engine, or a guard in front of it
   * @param memory the metadata that the engine has reserved
   */
  public AddressBinding(
      ProviderInfo info, AddressEngine raw, AddressEngine face, EngineMemory memory) {
    super(info, raw, face, memory);
    this.arenas =
        face.arenas().stream()
            .collect(Collectors.toUnmodifiableMap(arena -> arena.spec().name(), arena -> arena));
  }

  /** {@return the engine's arenas by name, as they were when the binding was made} */
  public Map<String, AddressArena> arenas() {
    return arenas;
  }

  @Override
  public AddressBinding behind(AddressEngine other) {
    return new AddressBinding(info(), raw(), other, memory());
  }
}
