package hardware.api.map;

import java.util.Optional;

/**
 * How to read and judge a firmware map.
 *
 * @param lenient whether a line that begins like a map line and cannot be read is a warning instead
 *     of a {@link MapException}
 * @param section which map of a log that holds several
 * @param loaderUsable whether the loader and boot-services memory of an EFI map counts as usable
 * @param pageSize bytes per page frame, a power of two of at least 1
 * @param commandLine the kernel's command line; empty to take the one that the log quotes
 */
public record MapOptions(
    boolean lenient,
    MapSection section,
    boolean loaderUsable,
    long pageSize,
    Optional<String> commandLine) {
  /** Strict, last section, loader memory usable, pages of 4096 bytes. */
  public static final MapOptions DEFAULTS = new MapOptions(false, MapSection.LAST, true, 4096);

  /**
   * Checks the page size.
   *
   * @throws IllegalArgumentException if {@code pageSize} is not a power of two
   */
  public MapOptions {
    if (Long.bitCount(pageSize) != 1 || pageSize < 0) {
      throw new IllegalArgumentException("page size " + pageSize + " is not a power of two");
    }
  }

  /**
   * Options that take the command line from the log.
   *
   * @param lenient whether to go on where a map is doubtful
   * @param section which of a log's maps
   * @param loaderUsable whether loader and boot-services memory counts as usable
   * @param pageSize bytes of a page, a power of two
   */
  public MapOptions(boolean lenient, MapSection section, boolean loaderUsable, long pageSize) {
    this(lenient, section, loaderUsable, pageSize, Optional.empty());
  }

  /**
   * {@return the same options with the given leniency}
   *
   * @param value the value to have
   */
  public MapOptions withLenient(boolean value) {
    return new MapOptions(value, section, loaderUsable, pageSize, commandLine);
  }

  /**
   * {@return the same options with the given section}
   *
   * @param value the value to have
   */
  public MapOptions withSection(MapSection value) {
    return new MapOptions(lenient, value, loaderUsable, pageSize, commandLine);
  }

  /**
   * {@return the same options with loader and boot-services memory usable or not}
   *
   * @param value the value to have
   */
  public MapOptions withLoaderUsable(boolean value) {
    return new MapOptions(lenient, section, value, pageSize, commandLine);
  }

  /**
   * {@return the same options with the given page size in bytes}
   *
   * @param value the value to have
   */
  public MapOptions withPageSize(long value) {
    return new MapOptions(lenient, section, loaderUsable, value, commandLine);
  }

  /**
   * The same options with a command line in place of the log's. Of several maps in a log, {@link
   * MapSection#LAST} then means the one that no command line has changed.
   *
   * @param value the command line
   * @return the options
   */
  public MapOptions withCommandLine(String value) {
    return new MapOptions(lenient, section, loaderUsable, pageSize, Optional.of(value));
  }
}
