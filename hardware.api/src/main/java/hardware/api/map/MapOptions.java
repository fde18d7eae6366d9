package hardware.api.map;

/**
 * How to read and judge a firmware map.
 *
 * @param lenient whether a line that begins like a map line and cannot be read is a warning instead
 *     of a {@link MapException}
 * @param section which map of a log that holds several
 * @param loaderUsable whether the loader and boot-services memory of an EFI map counts as usable
 * @param pageSize bytes per page frame, a power of two of at least 1
 */
public record MapOptions(boolean lenient, MapSection section, boolean loaderUsable, long pageSize) {
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

  /** The same options with the given leniency. */
  public MapOptions withLenient(boolean value) {
    return new MapOptions(value, section, loaderUsable, pageSize);
  }

  /** The same options with the given section. */
  public MapOptions withSection(MapSection value) {
    return new MapOptions(lenient, value, loaderUsable, pageSize);
  }

  /** The same options with loader and boot-services memory usable or not. */
  public MapOptions withLoaderUsable(boolean value) {
    return new MapOptions(lenient, section, value, pageSize);
  }

  /** The same options with the given page size in bytes. */
  public MapOptions withPageSize(long value) {
    return new MapOptions(lenient, section, loaderUsable, value);
  }
}
