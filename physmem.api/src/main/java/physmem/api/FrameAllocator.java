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

  /**
   * Moves movable blocks together until a block of the order is free; see {@link
   * FrameEngine#compact}. Other callers of the tier wait until it has ended.
   *
   * @param order the order wanted
   * @param mover moves contents and translations of the blocks that the caller owns, and refuses
   *     all others; called by this thread, must not throw or call the physmem tier
   * @return the number of blocks moved; 0 if the provider does not compact, or the checked mode is
   *     on
   */
  default long compact(int order, FrameMover mover) {
    return 0;
  }
}
