package hardware.api;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The machine's RAM: one sparse mapping of a file whose offset 0 is physical address 0, so that a
 * large machine costs only what is touched.
 *
 * <p>A frame has to be supplied before it is used, so that a host that has no page to give says so
 * with an exception and not with a signal. What was supplied stays so until {@link #withdraw}.
 */
@ProviderType
public interface PhysicalMemory {
  /** {@return the size of a page and of a frame in bytes, a power of two} */
  int pageBytes();

  /** {@return the first physical address behind the highest RAM} */
  long top();

  /** {@return the window on RAM, addressed by physical address} */
  Window window();

  /**
   * Has the host provide pages for frames. Frames that already have them keep their contents; new
   * ones read as zero.
   *
   * @param frame the first frame
   * @param count how many frames, at least 1
   * @throws HostMemoryException if the host has no memory left for them
   * @throws IllegalArgumentException if the frames are not RAM of this machine
   */
  void supply(long frame, long count);

  /**
   * {@return whether a frame has been supplied; one that has not reads as zero and must not be
   * touched through the window; false for what is not RAM}
   *
   * @param frame any frame number
   */
  boolean supplied(long frame);

  /**
   * Gives the host's pages behind frames back; the frames read as zero when supplied again.
   *
   * @param frame the first frame
   * @param count how many frames
   */
  void withdraw(long frame, long count);

  /** {@return how many bytes of the host's memory or disk the RAM occupies now} */
  long hostBytes();

  /** {@return the file that holds the RAM} */
  Path file();

  /**
   * Reserves host memory for allocator metadata: it reads as zero and costs the host only what is
   * touched. It is released when the machine is closed.
   *
   * @param bytes how many bytes, at least 1
   * @return the memory, aligned to a page of the host
   * @throws HostMemoryException if the host refuses the reservation
   */
  MemorySegment reserveMetadata(long bytes);

  /**
   * Takes metadata back before the machine is closed. An access that comes too late reads zeros.
   *
   * @param memory what {@link #reserveMetadata} gave; anything else, or what was given back
   *     already, is passed over
   */
  void releaseMetadata(MemorySegment memory);

  /**
   * Writes RAM as a raw image from physical address 0, sparse where nothing was supplied.
   *
   * @param file where to; replaced if it exists
   * @return the length of the image in bytes
   * @throws IOException if it cannot be written
   */
  long dump(Path file) throws IOException;
}
