package launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory that belongs to one run: made fresh, removed at the end, and removed by the next run
 * if this one crashed.
 *
 * <p>Beside each directory {@code run-ID} lies {@code run-ID.lock}, which its owner keeps locked.
 * The system drops the lock with the process, so a lock that can be taken marks rubbish. A lock
 * file is removed last, and an owner that finds its file gone after locking it (a sweeper was
 * between the two steps) starts over with another name.
 */
final class RunDirectory implements AutoCloseable {
  private static final String PREFIX = "run-";
  private static final String LOCK_SUFFIX = ".lock";

  /** More than one lost race with a sweeper in a row does not happen; ten mean something else. */
  private static final int ATTEMPTS = 10;

  private final Path path;
  private final Path lockFile;
  private final FileChannel lock;

  private RunDirectory(Path path, Path lockFile, FileChannel lock) {
    this.path = path;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /** {@return the place for run directories when nobody chose one: one folder per user} */
  static Path usualBase() {
    String user = System.getProperty("user.name").replaceAll("[^A-Za-z0-9._-]", "_");
    return Path.of(System.getProperty("java.io.tmpdir"), "quarry-" + user).toAbsolutePath();
  }

  /**
   * Makes a run directory below {@code base}, which is made too if absent, and removes what crashed
   * runs left there.
   *
   * @throws IOException if {@code base} cannot be written to
   */
  static RunDirectory open(Path base) throws IOException {
    Path usable = ownedByUs(base) ? base : Files.createTempDirectory(base.getFileName() + "-");
    sweep(usable);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      RunDirectory directory = tryOpen(usable);
      if (directory != null) {
        return directory;
      }
    }
    throw new IOException("cannot lock a run directory below " + usable);
  }

  /** Below a shared temporary directory somebody else may have made the folder before us. */
  private static boolean ownedByUs(Path base) throws IOException {
    if (Files.notExists(base)) {
      Files.createDirectories(base);
      return true;
    }
    Path probe = base.resolve("probe-" + UUID.randomUUID());
    try {
      Files.createFile(probe);
      return Files.getOwner(probe).equals(Files.getOwner(base));
    } catch (IOException e) {
      return false;
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  private static @Nullable RunDirectory tryOpen(Path base) throws IOException {
    Path path = base.resolve(PREFIX + UUID.randomUUID());
    Path lockFile = lockFileOf(path);
    FileChannel lock =
        FileChannel.open(lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    if (lock.tryLock() == null || Files.notExists(lockFile)) {
      lock.close();
      return null;
    }
    createPrivate(path);
    return new RunDirectory(path, lockFile, lock);
  }

  /** For its owner only, where the file system knows owners. */
  private static void createPrivate(Path path) throws IOException {
    Files.createDirectory(path);
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** {@return the directory itself, absolute} */
  Path path() {
    return path;
  }

  /** Removes the directory, its content and its lock; what cannot be removed is left to a sweep. */
  @Override
  public void close() throws IOException {
    try (lock) {
      deleteTree(path);
      Files.deleteIfExists(lockFile);
    }
  }

  private static void sweep(Path base) throws IOException {
    for (Path lockFile : lockFiles(base)) {
      try (var channel = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
        if (channel.tryLock() != null) {
          String name = lockFile.toString();
          deleteTree(Path.of(name.substring(0, name.length() - LOCK_SUFFIX.length())));
          Files.deleteIfExists(lockFile);
        }
      } catch (NoSuchFileException | OverlappingFileLockException e) {
        // Swept by somebody else in the meantime, or held within this very process.
      }
    }
  }

  private static List<Path> lockFiles(Path base) throws IOException {
    try (Stream<Path> paths = Files.list(base)) {
      return paths.filter(RunDirectory::isLockFile).toList();
    }
  }

  private static boolean isLockFile(Path path) {
    String name = path.getFileName().toString();
    return name.startsWith(PREFIX) && name.endsWith(LOCK_SUFFIX);
  }

  private static Path lockFileOf(Path directory) {
    return directory.resolveSibling(directory.getFileName() + LOCK_SUFFIX);
  }

  private static void deleteTree(Path root) throws IOException {
    if (Files.notExists(root)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
