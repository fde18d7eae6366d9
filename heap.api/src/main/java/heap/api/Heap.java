package heap.api;

import allocator.api.CensusSummary;
import allocator.api.Statistic;
import hardware.api.Window;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The heap slot's service: stays while providers come and go. A client opens a port per thread and
 * calls through it.
 */
@ProviderType
public interface Heap {
  /**
   * Opens a port.
   *
   * @param cpu the CPU that the client's thread runs on, from 0
   * @return the port, for one thread at a time
   */
  HeapPort open(int cpu);

  /**
   * Makes a cache of equal objects, which outlives the provider.
   *
   * @param spec its description
   * @return the cache; where the provider has none of its own, one that serves objects as blocks
   */
  ObjectCache createCache(CacheSpec spec);

  /** {@return the memory in which the blocks lie} */
  Window window();

  /** {@return the lowest address that the heap has ever imported; 0 before the first import} */
  long lowestAddress();

  /** {@return the name of the provider that serves now, or an empty text if the tier is vacant} */
  String provider();

  /** {@return the bytes held from below at this moment} */
  long footprint();

  /** {@return the most bytes that were held from below at any moment} */
  long peakFootprint();

  /** {@return the census at this moment} */
  CensusSummary census();

  /** {@return the provider's figures} */
  List<Statistic> statistics();
}
