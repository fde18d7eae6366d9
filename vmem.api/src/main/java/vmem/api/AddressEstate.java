package vmem.api;

import allocator.api.Estate;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What an address engine leaves behind in a swap: its arenas with their spans and live ranges.
 *
 * <p>{@link #managed} shows the spans and {@link #live} the live ranges of all arenas. The
 * attributes of both carry the arena: {@link #ARENA} masks its index in {@link #arenas}. A span
 * that came from the arena's source carries {@link #IMPORTED} as well; the successor returns it to
 * that source once it is entirely free.
 */
@ProviderType
public interface AddressEstate extends Estate {
  /** The bits of the attributes that are the index of the arena. */
  long ARENA = 0xffff_ffffL;

  /** The bit of a span's attributes that says that it was imported from the arena's source. */
  long IMPORTED = 1L << 32;

  /** {@return the descriptions of the arenas in the order in which they were made} */
  List<ArenaSpec> arenas();
}
