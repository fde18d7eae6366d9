package vmem.api;

import java.lang.foreign.MemorySegment;
import org.osgi.annotation.versioning.ProviderType;

/** What the kernel gives an address engine when it opens it. */
@ProviderType
public interface AddressContext {
  /** {@return the number of CPUs; the index that calls carry is below it} */
  int cpus();

  /** {@return the size of a page in bytes, a power of two} */
  int pageBytes();

  /**
   * Reserves host memory for metadata; reads as zero, costs the host only what is touched, and is
   * released with the machine.
   *
   * @param bytes how many bytes, at least 1
   * @return the memory
   */
  MemorySegment reserveMetadata(long bytes);

  /**
   * Takes metadata back before the machine ends, from an engine that is being closed.
   *
   * @param memory what {@link #reserveMetadata} gave; must not be used any more
   */
  default void releaseMetadata(MemorySegment memory) {}
}
