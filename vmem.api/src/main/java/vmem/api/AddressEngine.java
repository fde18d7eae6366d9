package vmem.api;

import allocator.api.Allocator;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * An address allocator: what a provider implements and a slot calls. It holds any number of arenas.
 *
 * <p>The attributes that {@link #walk} and {@link #managed} show are those of {@link
 * AddressEstate}: the index of the arena in {@link #arenas}, and for an imported span the mark.
 *
 * @implSpec [vmem.4] {@link #rebuild} is given an {@link AddressEstate} and makes the arenas that
 *     it describes, in the same order and before {@link #createArena} was ever called. [vmem.5]
 *     Attributes of {@link #walk} and {@link #managed} carry the index of the arena and the mark of
 *     an imported span.
 */
@ConsumerType
public interface AddressEngine extends Allocator {
  /**
   * Makes an arena without any span.
   *
   * @implSpec [vmem.2] The arena has the description given and no span. A name that is taken is a
   *     MisuseException.
   * @param spec its description
   * @return the arena
   * @throws allocator.api.MisuseException if an arena of that name exists
   */
  AddressArena createArena(ArenaSpec spec);

  /**
   * {@return the arenas in the order in which they were made}
   *
   * @implSpec [vmem.3] Every arena that is not closed, in the order in which they were made; an
   *     arena that was closed is gone from it.
   */
  List<AddressArena> arenas();

  /**
   * {@return whether addresses that were freed are handed out again; false for an allocator that
   * only ever goes on, so that a stale pointer can never meet a new range}
   *
   * @implSpec [vmem.28] If true, all of a span, but for a guard that the engine may keep beside a
   *     range, can be handed out again after everything in it was freed and drained.
   */
  default boolean reuses() {
    return true;
  }
}
