package physmem.api;

import allocator.api.CensusSummary;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The physmem slot's service: stays while providers come and go. A client opens a port per thread
 * and calls through it.
 */
@ProviderType
public interface FrameAllocator {
  /**
   * Opens a port.
   *
   * @param cpu the CPU that the client's thread runs on, from 0
   * @return the port, for one thread at a time
   */
  FramePort open(int cpu);

  /** {@return the name of the provider that serves now, or an empty text if the tier is vacant} */
  String provider();

  /** {@return the number of free frames} */
  long freeFrames();

  /** {@return the census at this moment} */
  CensusSummary census();

  /** {@return one report per node and zone} */
  List<ZoneReport> zones();
}
