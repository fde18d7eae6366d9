package kernel.slot;

import allocator.api.Allocator;
import allocator.api.RangeVisitor;
import java.util.Optional;
import kernel.api.ProviderInfo;
import kernel.backing.EngineMemory;

/**
 * What a slot serves from at this moment.
 *
 * @param <E> the kind of engine of the tier
 */
public class Binding<E extends Allocator> {
  private final ProviderInfo info;
  private final E raw;
  private final E face;
  private final EngineMemory memory;

  /**
   * Makes a binding.
   *
   * @param info the provider
   * @param raw the engine that the provider opened
   * @param face what is called: the engine, or a guard in front of it
   * @param memory the metadata that the engine has reserved
   */
  public Binding(ProviderInfo info, E raw, E face, EngineMemory memory) {
    this.info = info;
    this.raw = raw;
    this.face = face;
    this.memory = memory;
  }

  /** {@return the provider} */
  public final ProviderInfo info() {
    return info;
  }

  /** {@return what calls go to} */
  public final E engine() {
    return face;
  }

  /** {@return the engine that the provider opened} */
  public final E raw() {
    return raw;
  }

  /** {@return the metadata that the engine has reserved} */
  public final EngineMemory memory() {
    return memory;
  }

  /** {@return who knows what is live beside the engine, in the checked mode} */
  public final Optional<Witness> witness() {
    return face instanceof Witness witness ? Optional.of(witness) : Optional.empty();
  }

  /** Shows what is live: from the witness if there is one, else from the engine. */
  public final void live(RangeVisitor visitor) {
    if (face instanceof Witness witness) {
      witness.live(visitor);
    } else {
      raw.walk(visitor);
    }
  }

  /** {@return the provider's name and version, for reports} */
  public final String label() {
    return info.name() + " " + info.version();
  }

  /**
   * {@return the same engine behind another face}
   *
   * @param other what to call instead
   */
  public Binding<E> behind(E other) {
    return new Binding<>(info, raw, other, memory);
  }
}
