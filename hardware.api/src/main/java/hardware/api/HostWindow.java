package hardware.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The host's side of a window: which frames stand behind which of its pages. Attaching makes the
 * simulated frames themselves appear at the window's addresses, by the host's own MMU.
 *
 * <p>A call costs some microseconds whatever its length up to megabytes, so attach and detach in
 * large pieces. The kernel keeps attachments and page tables in agreement: whatever is mapped is
 * attached to the same frame; an attached page need not be mapped yet.
 */
@ProviderType
public interface HostWindow extends AutoCloseable {
  /** {@return the memory to read and write} */
  Window window();

  /**
   * Puts frames behind a stretch of the window and has the host supply them.
   *
   * @param address virtual address of the first byte, page-aligned, within the window
   * @param frame the first frame
   * @param pages the number of pages
   * @throws HostMemoryException if the host has no memory left or allows no more mappings; nothing
   *     is attached then
   */
  void attach(long address, long frame, long pages);

  /**
   * Puts harmless scratch memory behind a stretch of the window.
   *
   * @param address virtual address of the first byte, page-aligned, within the window
   * @param pages the number of pages
   * @throws HostMemoryException if the host allows no more mappings, as a hole in an attachment
   *     takes one; nothing is detached then
   */
  void detach(long address, long pages);

  /**
   * Detaches all. The window must not be used any more; an access that comes too late meets scratch
   * memory, which the host gets back when nobody can reach the window.
   */
  @Override
  void close();
}
