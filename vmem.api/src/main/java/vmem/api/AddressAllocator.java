package vmem.api;

import allocator.api.CensusSummary;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The vmem slot's service: stays while providers come and go. The arenas it returns are handles of
 * the slot and stay valid as well.
 */
@ProviderType
public interface AddressAllocator {
  /**
   * Makes an arena.
   *
   * @param spec its description
   * @return a handle that outlives the provider
   */
  AddressArena createArena(ArenaSpec spec);

  /** {@return the arenas in the order in which they were made} */
  List<AddressArena> arenas();

  /** {@return the name of the provider that serves now, or an empty text if the tier is vacant} */
  String provider();

  /** {@return the census over all arenas at this moment} */
  CensusSummary census();
}
