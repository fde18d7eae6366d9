package heap.api;

import hardware.api.Window;
import java.lang.foreign.MemorySegment;
import org.osgi.annotation.versioning.ProviderType;

/** What the kernel gives a heap engine when it opens it. */
@ProviderType
public interface HeapContext {
  /** {@return the number of CPUs; the index that calls carry is below it} */
  int cpus();

  /** {@return where spans are imported from and given back to} */
  BackedSpans spans();

  /** {@return the memory at the addresses of the spans} */
  Window window();

  /**
   * Reserves host memory for metadata that does not lie in simulated memory; reads as zero, costs
   * the host only what is touched, and is released with the machine.
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
