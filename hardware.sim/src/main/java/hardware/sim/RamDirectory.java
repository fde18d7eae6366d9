package hardware.sim;

import allocator.api.Settings;
import hardware.api.HostMemoryException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where RAM files lie: which directory suits a machine, and which files in it are left over from
 * processes that ended without removing them.
 */
final class RamDirectory {
  /** The setting that names the directory. */
  static final String KEY = "ram.dir";

  private static final Path SHARED_MEMORY = Path.of("/dev/shm");
  private static final Pattern NAME = Pattern.compile("quarry-ram-\\d+-\\d+\\.img");
  private static final long ENOUGH = 1L << 30; // shared memory with 1 GiB free beats a disk
  private static final long DISK_FILE_LIMIT = 16L << 40; // longest file of ext4 with 4 KiB blocks

  private RamDirectory() {}

  /**
   * Chooses the directory: the one that is set; else shared memory if it has room, or if the file
   * is too long for a disk; else the directory for temporary files.
   *
   * @param settings may hold {@link #KEY}
   * @param ram bytes of RAM
   * @param top length of the file
   * @return a directory that can be written
   */
  static Path choose(Settings settings, long ram, long top) {
    String configured = settings.text(KEY, "").strip();
    if (!configured.isEmpty()) {
      return configured(settings, configured);
    }
    boolean roomy = room(SHARED_MEMORY) >= Math.min(ram, ENOUGH) || top > DISK_FILE_LIMIT;
    return writable(SHARED_MEMORY) && roomy ? SHARED_MEMORY : temporary();
  }

  /**
   * {@return the name of a RAM file}
   *
   * @param number tells apart the machines of this process
   */
  static String fileName(long number) {
    return "quarry-ram-%d-%d.img".formatted(ProcessHandle.current().pid(), number);
  }

  /**
   * Removes the RAM files of dead processes from the directories where one may lie. A file that a
   * living process holds its lock on, or that is not ours to open, stays.
   *
   * @param directory the directory in use, beside the usual ones
   */
  static void removeLeftovers(Path directory) {
    Set<Path> places = new LinkedHashSet<>();
    places.add(directory);
    places.add(SHARED_MEMORY);
    places.add(temporary());
    places.stream()
        .filter(RamDirectory::writable)
        .filter(Files::isReadable)
        .forEach(RamDirectory::sweep);
  }

  private static Path configured(Settings settings, String text) {
    Path directory = Path.of(text).toAbsolutePath();
    if (!writable(directory)) {
      throw settings.bad(KEY, text, "a directory that exists and can be written");
    }
    return directory;
  }

  private static void sweep(Path directory) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "quarry-ram-*.img")) {
      for (Path file : files) {
        if (NAME.matcher(file.getFileName().toString()).matches()) {
          RamFile.removeIfAbandoned(file);
        }
      }
    } catch (IOException e) {
      throw new HostMemoryException(
          "%s cannot be searched for RAM files of dead processes (%s): name another directory with --set machine:%s=DIR"
              .formatted(directory, e, KEY));
    }
  }

  private static Path temporary() {
    return Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
  }

  private static boolean writable(Path directory) {
    return Files.isDirectory(directory) && Files.isWritable(directory);
  }

  /** {@return the bytes free on the file system of a directory; 0 if it cannot be asked} */
  static long room(Path directory) {
    try {
      return Files.getFileStore(directory).getUsableSpace();
    } catch (IOException e) {
      return 0;
    }
  }

  /** {@return type and mount of the file system of a directory, for messages} */
  static String fileSystem(Path directory) {
    try {
      return Files.getFileStore(directory).type() + " at " + directory;
    } catch (IOException e) {
      return "the file system at " + directory;
    }
  }
}
