package hardware.sim;

import hardware.api.HostMemoryException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of host addresses in which every byte can be read and written at any time: scratch
 * memory that costs only what is touched, or parts of a file put over it.
 *
 * <p>The addresses go back to the host when nobody can reach {@link #memory()} any more, not
 * earlier: an access that comes too late, in a thread that has not heard of the end, meets scratch
 * memory and not a hole that would end the JVM.
 */
final class Reservation {
  private static final int ANONYMOUS = Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS | Libc.MAP_NORESERVE;
  private static final int FILE = Libc.MAP_SHARED | Libc.MAP_NORESERVE;
  private static final int NO_FILE = -1;
  private static final int ATTEMPTS = 6; // waits of 10, 20, ... 320 ms for the collector
  private static final long FIRST_WAIT_MILLIS = 10;

  private final MemorySegment memory;
  private final int scratch;

  private Reservation(long address, long bytes, int scratch) {
    this.memory = owned(address, bytes, scratch);
    this.scratch = scratch;
  }

  /**
   * Reserves addresses.
   *
   * @param bytes how many, rounded up to host pages by the host
   * @param purpose what for, for the message
   * @return the reservation, all scratch, reads as zero
   * @throws HostMemoryException if the host refuses
   */
  static Reservation open(long bytes, String purpose) {
    for (int attempt = 0; ; attempt++) {
      Reservation made = anonymous(bytes);
      made = made == null ? onScratchFile(bytes) : made;
      if (made != null) {
        return made;
      }
      if (attempt == ATTEMPTS) {
        throw refused(bytes, purpose);
      }
      collect(attempt);
    }
  }

  private static @Nullable Reservation anonymous(long bytes) {
    long address = Libc.mmap(0, bytes, ANONYMOUS, NO_FILE, 0);
    return address < 0 ? null : new Reservation(address, bytes, NO_FILE);
  }

  /*
   * A host with strict accounting (vm.overcommit_memory=2) charges private memory when it is
   * reserved, whatever the flags; a file in memory it charges page by page when it is touched.
   */
  static @Nullable Reservation onScratchFile(long bytes) {
    int file = Libc.memfd("quarry-scratch");
    if (file < 0) {
      return null;
    }
    long address = Libc.ftruncate(file, bytes);
    address = address < 0 ? address : Libc.mmap(0, bytes, FILE, file, 0);
    if (address < 0) {
      Libc.close(file);
      return null;
    }
    return new Reservation(address, bytes, file);
  }

  /** {@return the memory of the reservation} */
  MemorySegment memory() {
    return memory;
  }

  /**
   * Puts a part of a file over a part of the reservation.
   *
   * @param offset where in the reservation, in bytes, page-aligned
   * @param bytes how many
   * @param file descriptor of the file
   * @param from offset in the file, in bytes, page-aligned
   * @param flags more flags for mmap
   * @return 0, or the negative error number
   */
  long cover(long offset, long bytes, int file, long from, int flags) {
    long address = memory.address() + offset;
    return Math.min(0, Libc.mmap(address, bytes, FILE | Libc.MAP_FIXED | flags, file, from));
  }

  /**
   * Puts fresh scratch memory over a part of the reservation.
   *
   * @param offset where in the reservation, in bytes, page-aligned
   * @param bytes how many
   * @return 0, or the negative error number
   */
  long uncover(long offset, long bytes) {
    if (scratch != NO_FILE) {
      return cover(offset, bytes, scratch, offset, 0);
    }
    long address = memory.address() + offset;
    return Math.min(0, Libc.mmap(address, bytes, ANONYMOUS | Libc.MAP_FIXED, NO_FILE, 0));
  }

  /** Drops all contents; the memory stays readable and writable until it is unreachable. */
  void release() {
    if (scratch != NO_FILE) {
      // Empty pages only: a failure would leave contents that nobody looks at.
      Libc.fallocate(scratch, RamFile.PUNCH, 0, memory.byteSize());
    }
    uncover(0, memory.byteSize());
  }

  @SuppressWarnings("restricted") // address and length are those of a mapping just made
  private static MemorySegment owned(long address, long bytes, int scratch) {
    // One touched byte must not cost a large page. A kernel without large pages refuses: all right.
    Libc.madvise(address, bytes, Libc.MADV_NOHUGEPAGE);
    return MemorySegment.ofAddress(address)
        .reinterpret(bytes, Arena.ofAuto(), gone -> unmap(address, bytes, scratch));
  }

  private static void unmap(long address, long bytes, int scratch) {
    Libc.munmap(address, bytes);
    if (scratch != NO_FILE) {
      Libc.close(scratch);
    }
  }

  /** Has the collector find reservations that nobody uses any more. */
  private static void collect(int attempt) {
    System.gc();
    try {
      Thread.sleep(FIRST_WAIT_MILLIS << attempt);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static HostMemoryException refused(long bytes, String purpose) {
    return new HostMemoryException(
        "the host refuses %s of address space for %s: use a map with less RAM, or raise the limit of the process (ulimit -v)"
            .formatted(Sizes.text(bytes), purpose));
  }
}
