package hardware.sim;

import hardware.api.HostMemoryException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many mappings the host allows this process ({@code vm.max_map_count}) and how many the
 * simulated machines use, so that a machine hears of the limit before the JVM itself does.
 */
final class HostMappings {
  private static final Path LIMIT = Path.of("/proc/sys/vm/max_map_count");
  private static final long USUAL_LIMIT = 65530; // the kernel's default, DEFAULT_MAX_MAP_COUNT

  /*
   * What is left to the JVM: an eighth. A busy JVM has about a thousand mappings (heap regions,
   * thread stacks, libraries); the rest is for what the count here does not see, such as stretches
   * of scratch memory that the kernel could not merge.
   */
  private static final int RESERVED_SHARE = 8;

  /** The host's limit, for all machines of this process together. */
  static final HostMappings PROCESS = new HostMappings(limit());

  private final AtomicLong used = new AtomicLong();
  private final long most;

  /**
   * Makes a budget.
   *
   * @param limit the mappings that the host allows
   */
  HostMappings(long limit) {
    this.most = limit - limit / RESERVED_SHARE;
  }

  /** {@return the number of mappings in use} */
  long used() {
    return used.get();
  }

  /**
   * Accounts for a change.
   *
   * @param more the number of mappings added; negative if some went
   * @throws HostMemoryException if that is more than the host allows; nothing is counted then
   */
  void add(long more) {
    long now = used.addAndGet(more);
    if (more > 0 && now > most) {
      used.addAndGet(-more);
      throw new HostMemoryException(
          "%d mappings of simulated memory are all that the host allows (vm.max_map_count): attach larger clusters of frames, or raise it with sysctl -w vm.max_map_count=%d"
              .formatted(most, 4 * most));
    }
  }

  private static long limit() {
    // The kernel gives the value to the first read only, which therefore has to take all of it.
    byte[] text = new byte[32];
    try (InputStream file = Files.newInputStream(LIMIT)) {
      int length = Math.max(0, file.read(text));
      return Long.parseLong(new String(text, 0, length, StandardCharsets.US_ASCII).strip());
    } catch (IOException | NumberFormatException e) {
      return USUAL_LIMIT; // a container may hide the file; the default is then the best guess
    }
  }
}
