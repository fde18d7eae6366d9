package kernel.api;

import hardware.api.AddressSpace;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A simulated program: an address space of its own, with memory mapped into its user half.
 *
 * <p>Its tables map no kernel memory, as with page-table isolation. Safe for use by several
 * threads.
 */
@ProviderType
public interface Task extends AutoCloseable {
  /** {@return what reports call it} */
  String name();

  /** {@return its address space} */
  AddressSpace space();

  /** {@return the number of pages mapped} */
  long mappedPages();

  /**
   * Maps fresh anonymous memory.
   *
   * @param bytes how many, rounded up to pages
   * @return the address, or 0 if addresses or frames are exhausted
   */
  long map(long bytes);

  /**
   * Unmaps memory.
   *
   * @param address what {@link #map} returned
   * @param bytes how many, as given to {@link #map}
   * @throws allocator.api.MisuseException if that is not mapped
   */
  void unmap(long address, long bytes);

  /** Ends the task; everything it has mapped goes home. Idempotent. */
  @Override
  void close();
}
