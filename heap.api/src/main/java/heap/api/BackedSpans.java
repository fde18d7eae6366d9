package heap.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * What a heap imports from below: ranges of virtual addresses with frames behind them. The kernel
 * takes the addresses from the vmem tier and the frames from the physmem tier, and writes the page
 * tables.
 *
 * <p>All sizes and addresses are multiples of {@link #pageBytes}. Fresh memory reads as zero only
 * where {@link #zeroed} says so. Safe for use by several threads.
 */
@ProviderType
public interface BackedSpans {
  /** The answer of {@link #allocate} when address space or frames are exhausted. */
  long NONE = 0;

  /** {@return the size of a page in bytes} */
  int pageBytes();

  /** {@return whether freshly imported memory reads as zero} */
  boolean zeroed();

  /**
   * Imports a span anywhere.
   *
   * @param bytes its length
   * @param align a power of two that the address is a multiple of; at least a page
   * @return the address, or {@link #NONE}
   */
  long allocate(long bytes, long align);

  /**
   * Imports the memory directly behind an address, so that a span grows in place, as {@code sbrk}
   * does.
   *
   * @param end the address at which the new memory is to begin
   * @param bytes its length
   * @return true if imported; false if the addresses are taken or frames are exhausted
   */
  boolean extend(long end, long bytes);

  /**
   * Gives memory back, addresses and frames. Any part of what was imported may be given back.
   *
   * @param address its first address
   * @param bytes its length
   */
  void release(long address, long bytes);

  /**
   * Gives the frames back and keeps the addresses.
   *
   * @param address the first address
   * @param bytes the length
   */
  void depopulate(long address, long bytes);

  /**
   * Puts frames behind addresses that {@link #depopulate} emptied.
   *
   * @param address the first address
   * @param bytes the length
   * @return true if done; false if frames are exhausted, with nothing changed
   */
  boolean populate(long address, long bytes);

  /**
   * Reserves addresses without frames, to be populated later or to stand as a guard.
   *
   * @param bytes the length
   * @param align a power of two that the address is a multiple of; at least a page
   * @return the address, or {@link #NONE}; given back by {@link #release}
   */
  long reserve(long bytes, long align);
}
