package hardware.sim;

import hardware.api.HostMemoryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The sparse file that holds RAM: its offset is the physical address. It exists as long as it is
 * open: {@link #close} and the end of the JVM remove it; what a killed process leaves is recognised
 * by its lock, which died with the process.
 *
 * <p>The lock is that of {@code flock(2)}, which belongs to the open file; a record lock, as Java's
 * file channels take it, would be lost as soon as any thread of this process opened and closed the
 * file once more.
 */
final class RamFile implements AutoCloseable {
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final int OWNER_ONLY = 0600;
  private static final int ZEROS = 1 << 16; // bytes per write where fallocate does not exist
  static final int PUNCH = Libc.FALLOC_FL_PUNCH_HOLE | Libc.FALLOC_FL_KEEP_SIZE;

  private final Path directory;
  private final Path path;
  private final int file;
  private final AtomicBoolean open = new AtomicBoolean(true);
  private final Thread remover;

  private RamFile(Path directory, Path path, int file) {
    this.directory = directory;
    this.path = path;
    this.file = file;
    this.remover = new Thread(() -> remove(path), "quarry-ram-remover");
    Runtime.getRuntime().addShutdownHook(remover);
  }

  /**
   * Creates the file, without any page.
   *
   * @param directory where
   * @param bytes its length
   * @throws HostMemoryException if the file system cannot hold a file of that length
   */
  static RamFile create(Path directory, long bytes) {
    RamFile created = createEmpty(directory);
    int error = Libc.ftruncate(created.file, bytes);
    if (error < 0) {
      created.close();
      throw created.refused("a file of " + Sizes.text(bytes) + " for RAM", error);
    }
    return created;
  }

  /*
   * Between creation and lock another process may take the new file for a leftover. It then holds
   * the lock, or the name is gone: both are seen here, and the next number is tried.
   */
  private static RamFile createEmpty(Path directory) {
    while (true) {
      Path path = directory.resolve(RamDirectory.fileName(NUMBERS.incrementAndGet()));
      int flags = Libc.O_RDWR | Libc.O_CREAT | Libc.O_EXCL | Libc.O_CLOEXEC;
      int file = Libc.open(path.toString(), flags, OWNER_ONLY);
      if (file < 0 && file != -Libc.EEXIST) {
        throw new HostMemoryException(
            "%s cannot be created (%s): name another directory with --set machine:ram.dir=DIR"
                .formatted(path, Libc.message(file)));
      }
      if (file >= 0 && Libc.flock(file, Libc.LOCK_EX | Libc.LOCK_NB) >= 0 && Files.exists(path)) {
        return new RamFile(directory, path, file);
      }
      if (file >= 0) {
        Libc.close(file);
      }
    }
  }

  /**
   * Removes a RAM file if no living process holds it.
   *
   * @param path a file with the name of a RAM file
   */
  static void removeIfAbandoned(Path path) {
    int file = Libc.open(path.toString(), Libc.O_RDWR | Libc.O_CLOEXEC, 0);
    if (file < 0) {
      return; // gone in the meantime, or another user's
    }
    if (Libc.flock(file, Libc.LOCK_EX | Libc.LOCK_NB) >= 0) {
      remove(path);
    }
    Libc.close(file);
  }

  /** {@return where the file lies} */
  Path path() {
    return path;
  }

  /** {@return the descriptor of the open file} */
  int descriptor() {
    return file;
  }

  /**
   * Has the file system set pages aside, so that no later access can fail. Present contents stay.
   *
   * @param offset first byte, page-aligned
   * @param bytes how many
   * @throws HostMemoryException if there is no room
   */
  void allocate(long offset, long bytes) {
    int error;
    do {
      error = Libc.fallocate(file, 0, offset, bytes);
    } while (error == -Libc.EINTR);
    if (error == -Libc.EOPNOTSUPP) {
      error = writeZeros(offset, bytes);
    }
    if (error < 0) {
      throw refused(Sizes.text(bytes) + " of RAM at 0x" + Long.toHexString(offset), error);
    }
  }

  /**
   * Gives pages back; they read as zero from now on.
   *
   * @param offset first byte, page-aligned
   * @param bytes how many
   */
  void punch(long offset, long bytes) {
    int error = Libc.fallocate(file, PUNCH, offset, bytes);
    if (error == -Libc.EOPNOTSUPP) {
      error = writeZeros(offset, bytes); // gives nothing back, but forgets the contents
    }
    if (error < 0) {
      throw refused("to give RAM back at 0x" + Long.toHexString(offset), error);
    }
  }

  /** {@return the bytes of host storage in use} */
  long hostBytes() {
    return Math.max(0, Libc.allocatedBytes(file));
  }

  /**
   * Finds the next byte that the file system stores.
   *
   * @param from where to begin
   * @return its offset, or -1 if there is none
   */
  long nextData(long from) throws IOException {
    return seek(from, Libc.SEEK_DATA);
  }

  /**
   * Finds the next byte that the file system does not store.
   *
   * @param from where to begin, not behind the end
   * @return its offset, at most the length of the file
   */
  long nextHole(long from) throws IOException {
    return seek(from, Libc.SEEK_HOLE);
  }

  /** Removes the file. Mappings of it stay valid until they go. Idempotent. */
  @Override
  public void close() {
    if (!open.compareAndSet(true, false)) {
      return;
    }
    remove(path);
    Libc.close(file);
    try {
      Runtime.getRuntime().removeShutdownHook(remover);
    } catch (IllegalStateException e) {
      return; // the JVM is ending and runs the hook, which finds nothing to remove
    }
  }

  private long seek(long from, int direction) throws IOException {
    long found = Libc.lseek(file, from, direction);
    if (found < 0 && found != -Libc.ENXIO) {
      throw new IOException(path + ": cannot be searched for data: " + Libc.message(found));
    }
    return Math.max(-1, found);
  }

  // Only pages that never held anything are allocated, so that nothing is overwritten.
  private int writeZeros(long offset, long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment zeros = arena.allocate(ZEROS);
      for (long done = 0; done < bytes; ) {
        MemorySegment piece = zeros.asSlice(0, Math.min(ZEROS, bytes - done));
        long written = Libc.pwrite(file, piece, offset + done);
        if (written < 0 && written != -Libc.EINTR) {
          return (int) written;
        }
        done += Math.max(0, written);
      }
      return 0;
    }
  }

  private HostMemoryException refused(String wanted, long error) {
    return new HostMemoryException(
        "%s cannot supply %s (%s; %s free): free space there, or name another directory with --set machine:%s=DIR"
            .formatted(
                RamDirectory.fileSystem(directory),
                wanted,
                Libc.message(error),
                Sizes.text(RamDirectory.room(directory)),
                RamDirectory.KEY));
  }

  private static void remove(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be removed", e);
    }
  }
}
