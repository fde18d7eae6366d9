package hardware.sim;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import hardware.api.HostMemoryException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The calls of a Linux host that the simulated machine needs. Each returns what the call returns,
 * or the negative error number. All methods are safe for use by several threads.
 *
 * <p>All go through one function, {@code syscall(2)}: the JVM spends tens of milliseconds on
 * preparing each shape of native call, which fourteen functions of nine shapes would add to every
 * boot. Constants are those of x86-64 and AArch64, which agree in all that is used here.
 */
final class Libc {
  // Flags of open(2), fcntl.h.
  static final int O_RDWR = 2;
  static final int O_CREAT = 0100;
  static final int O_EXCL = 0200;
  static final int O_CLOEXEC = 02000000;

  // Operations of flock(2), sys/file.h.
  static final int LOCK_EX = 2;
  static final int LOCK_NB = 4;

  // Modes of fallocate(2), linux/falloc.h.
  static final int FALLOC_FL_KEEP_SIZE = 1;
  static final int FALLOC_FL_PUNCH_HOLE = 2;

  // Flags of mmap(2) and an advice of madvise(2), sys/mman.h.
  static final int MAP_SHARED = 1;
  static final int MAP_PRIVATE = 2;
  static final int MAP_FIXED = 0x10;
  static final int MAP_ANONYMOUS = 0x20;
  static final int MAP_NORESERVE = 0x4000;
  static final int MAP_POPULATE = 0x8000;
  static final int MADV_NOHUGEPAGE = 15;

  // Directions of lseek(2), unistd.h.
  static final int SEEK_DATA = 3;
  static final int SEEK_HOLE = 4;

  // Error numbers, errno-base.h and errno.h.
  static final int EINTR = 4;
  static final int ENXIO = 6;
  static final int ENOMEM = 12;
  static final int EACCES = 13;
  static final int EEXIST = 17;
  static final int EINVAL = 22;
  static final int EFBIG = 27;
  static final int ENOSPC = 28;
  static final int EROFS = 30;
  static final int EOPNOTSUPP = 95;
  static final int EDQUOT = 122;

  private static final int PROT_READ_WRITE = 3;
  private static final int MFD_CLOEXEC = 1;
  private static final int AT_FDCWD = -100; // paths are relative to the working directory
  private static final int AT_EMPTY_PATH = 0x1000; // of statx(2): the descriptor itself is meant
  private static final int STATX_BLOCKS = 0x400;
  private static final int STATX_BYTES = 256; // size of struct statx
  private static final long STATX_BLOCKS_OFFSET = 48; // of stx_blocks in it
  private static final int STATX_BLOCK_BYTES = 512; // its unit, whatever the file system's
  private static final int MOST_ARGUMENTS = 7; // the number of the call, and six for it

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));
  private static final MethodHandle SYSCALL = find();
  private static final Numbers NUMBERS = Numbers.ofHost();

  /** The numbers of the calls: asm/unistd_64.h of x86, asm-generic/unistd.h of AArch64. */
  private record Numbers(
      long openat,
      long close,
      long flock,
      long ftruncate,
      long fallocate,
      long pwrite,
      long lseek,
      long statx,
      long mmap,
      long munmap,
      long madvise,
      long memfd) {
    private static final Numbers X86_64 =
        new Numbers(257, 3, 73, 77, 285, 18, 8, 332, 9, 11, 28, 319);
    private static final Numbers AARCH64 =
        new Numbers(56, 57, 32, 46, 47, 68, 62, 291, 222, 215, 233, 279);

    static Numbers ofHost() {
      return System.getProperty("os.arch").equals("aarch64") ? AARCH64 : X86_64;
    }
  }

  private Libc() {}

  /** Refuses hosts on which the calls of this class mean something else or do not exist. */
  static void checkHost() {
    String system = System.getProperty("os.name");
    String processor = System.getProperty("os.arch");
    boolean known = processor.equals("amd64") || processor.equals("aarch64");
    if (!system.equals("Linux") || !known) {
      throw new HostMemoryException(
          "simulated RAM needs a Linux host on x86-64 or AArch64; this one is %s on %s: use a virtual machine or a container"
              .formatted(system, processor));
    }
  }

  static int open(String path, int flags, int mode) {
    try (Arena arena = Arena.ofConfined()) {
      long name = arena.allocateFrom(path).address();
      return (int) call(NUMBERS.openat, AT_FDCWD, name, flags, mode, 0, 0);
    }
  }

  static int close(int file) {
    return (int) call(NUMBERS.close, file, 0, 0, 0, 0, 0);
  }

  static int flock(int file, int operation) {
    return (int) call(NUMBERS.flock, file, operation, 0, 0, 0, 0);
  }

  static int ftruncate(int file, long bytes) {
    return (int) call(NUMBERS.ftruncate, file, bytes, 0, 0, 0, 0);
  }

  static int fallocate(int file, int mode, long offset, long bytes) {
    return (int) call(NUMBERS.fallocate, file, mode, offset, bytes, 0, 0);
  }

  static long pwrite(int file, MemorySegment from, long offset) {
    return call(NUMBERS.pwrite, file, from.address(), from.byteSize(), offset, 0, 0);
  }

  static long lseek(int file, long offset, int direction) {
    return call(NUMBERS.lseek, file, offset, direction, 0, 0, 0);
  }

  /**
   * {@return the bytes of host storage that an open file occupies, or the negative error number}
   */
  static long allocatedBytes(int file) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment found = arena.allocate(STATX_BYTES, Long.BYTES);
      long path = arena.allocateFrom("").address();
      long error = call(NUMBERS.statx, file, path, AT_EMPTY_PATH, STATX_BLOCKS, found.address(), 0);
      return error < 0 ? error : found.get(JAVA_LONG, STATX_BLOCKS_OFFSET) * STATX_BLOCK_BYTES;
    }
  }

  static long mmap(long address, long bytes, int flags, int file, long offset) {
    return call(NUMBERS.mmap, address, bytes, PROT_READ_WRITE, flags, file, offset);
  }

  static int munmap(long address, long bytes) {
    return (int) call(NUMBERS.munmap, address, bytes, 0, 0, 0, 0);
  }

  static int madvise(long address, long bytes, int advice) {
    return (int) call(NUMBERS.madvise, address, bytes, advice, 0, 0, 0);
  }

  /** {@return a new nameless file in the host's memory, or the negative error number} */
  static int memfd(String name) {
    try (Arena arena = Arena.ofConfined()) {
      long label = arena.allocateFrom(name).address();
      return (int) call(NUMBERS.memfd, label, MFD_CLOEXEC, 0, 0, 0, 0);
    }
  }

  /**
   * {@return an error in words}
   *
   * @param result a negative error number that another method returned
   */
  static String message(long result) {
    return switch ((int) -result) {
      case ENOSPC -> "no space left";
      case EDQUOT -> "quota used up";
      case EFBIG -> "longer than a file may be there";
      case ENOMEM -> "out of memory, address space or mappings";
      case EACCES -> "permission denied";
      case EROFS -> "read-only file system";
      case EINVAL -> "not supported there";
      default -> "error number " + -result;
    };
  }

  private static long call(
      long number, long first, long second, long third, long fourth, long fifth, long sixth) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      long result =
          (long) SYSCALL.invokeExact(state, number, first, second, third, fourth, fifth, sixth);
      return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
    } catch (Throwable e) {
      throw new AssertionError("system call " + number + " could not be made", e);
    }
  }

  @SuppressWarnings("restricted") // the shape is that of syscall(2) with all its arguments
  private static MethodHandle find() {
    checkHost();
    Linker linker = Linker.nativeLinker();
    MemorySegment function = linker.defaultLookup().findOrThrow("syscall");
    MemoryLayout[] arguments = new MemoryLayout[MOST_ARGUMENTS];
    Arrays.fill(arguments, JAVA_LONG);
    FunctionDescriptor shape = FunctionDescriptor.of(JAVA_LONG, arguments);
    return linker.downcallHandle(function, shape, Linker.Option.captureCallState("errno"));
  }
}
