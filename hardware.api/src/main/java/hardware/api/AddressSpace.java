package hardware.api;

import allocator.api.AllocatorException;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One tree of page tables in simulated RAM, in a real bit format, with the frames of its tables
 * taken from a {@link FrameSource}.
 *
 * <p>The tables are the truth: {@link #walk} and {@link #translate} read them each time. Changes
 * take effect in the tables at once; a TLB may hold the old translation until {@link #invalidate}.
 *
 * <p>Changes to one address space are made by one thread at a time; reading is safe beside them.
 */
@ProviderType
public interface AddressSpace extends AutoCloseable {
  /** The answer of {@link #translate} for an address that is not mapped. */
  long UNMAPPED = -1;

  /** {@return the tag of this address space in the TLB} */
  int asid();

  /** {@return the physical address of the root table, as the root register holds it} */
  long root();

  /** {@return the number of frames that tables occupy, the root included} */
  long tableFrames();

  /** {@return the lowest address of the half that the kernel uses in this format} */
  long kernelBase();

  /**
   * Maps a run of frames.
   *
   * @param address virtual address of the first byte, page-aligned and canonical
   * @param frame the first frame
   * @param pages the number of pages, at least 1
   * @param flags permissions and kinds from {@link PageFlags}
   * @return true if mapped; false if the frame source had no frame for a table, with nothing mapped
   * @throws IllegalArgumentException if the address is not aligned or not canonical, the range
   *     leaves its half, or user mode is to enter the kernel's half
   * @throws AllocatorException if a page of the range is mapped already; nothing is mapped then
   * @throws HostMemoryException if the host cannot supply a table's frame; nothing is mapped then
   */
  boolean map(long address, long frame, long pages, int flags);

  /**
   * Unmaps a range and gives tables that become empty back. A larger leaf that the range covers
   * only in part is split first.
   *
   * @param address virtual address of the first byte, page-aligned
   * @param pages the number of pages
   * @param visitor receives each stretch of leaves of one size that were mapped to successive
   *     frames with equal flags, after their entries are cleared; pages that were not mapped are
   *     passed over
   * @return the number of pages that were mapped
   * @throws AllocatorException if a larger leaf has to be split and there is no frame for its
   *     table; nothing is unmapped then
   */
  long unmap(long address, long pages, MappingVisitor visitor);

  /**
   * Changes permissions of what is mapped in a range.
   *
   * @param address virtual address of the first byte, page-aligned
   * @param pages the number of pages
   * @param flags the new permissions
   * @return the number of pages changed
   * @throws AllocatorException if a larger leaf has to be split and there is no frame for its
   *     table; nothing is changed then
   */
  long protect(long address, long pages, int flags);

  /**
   * Shows every leaf in rising order of address.
   *
   * @param visitor receives each leaf
   */
  void leaves(MappingVisitor visitor);

  /**
   * Translates without side effect.
   *
   * @param address any virtual address
   * @return the physical address, or {@link #UNMAPPED}
   */
  long translate(long address);

  /**
   * Reads the tables level by level as the hardware would.
   *
   * @param address any virtual address
   * @return the steps from the root down, ending at a leaf or at an entry that is not present;
   *     empty if the address is not canonical
   */
  List<WalkStep> walk(long address);

  /**
   * Drops cached translations of a range from every TLB, counted as one flush.
   *
   * @param address virtual address of the first byte
   * @param pages the number of pages
   */
  void invalidate(long address, long pages);

  /**
   * Reserves a host window for a stretch of this address space. Only one window may cover an
   * address; it is closed with the address space at the latest.
   *
   * @param address the lowest address, a multiple of {@code bytes}
   * @param bytes the length, a power of two
   * @return the window, nothing attached
   * @throws IllegalArgumentException if the shape is wrong or another window covers an address
   * @throws HostMemoryException if the host refuses the reservation
   */
  HostWindow openWindow(long address, long bytes);

  /**
   * Checks the tables against their own rules: every table reachable once, no table empty, counts
   * right, no reserved bits.
   *
   * @return the number of entries checked
   * @throws allocator.api.CorruptionException naming the table and entry that is wrong
   */
  long checkInvariants();

  /** Gives every table back to its source and the windows to the host. */
  @Override
  void close();
}
