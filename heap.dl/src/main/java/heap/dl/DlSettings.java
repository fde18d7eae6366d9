package heap.dl;

import allocator.api.Settings;

/**
 * The settings of one heap, parsed and checked.
 *
 * @param granularity the unit of growth and trimming in bytes, a power of two, at least a page
 * @param trimThreshold size of top in bytes above which a free gives memory back
 * @param mmapThreshold chunk size in bytes from which requests get a span of their own; 0 for never
 * @param footprintLimit the most bytes to hold from below
 * @param contiguous whether growth in place is tried before a new segment
 * @param footers whether every chunk in use carries its heap's mark behind it
 * @param releaseChecks how many large chunks are freed between two looks for unused segments
 * @param fixed whether there is one region of {@code capacity} bytes and no growth
 * @param capacity the region's size in bytes
 * @param lock whether calls exclude one another
 * @param spaces how many spaces there are
 */
record DlSettings(
    long granularity,
    long trimThreshold,
    long mmapThreshold,
    long footprintLimit,
    boolean contiguous,
    boolean footers,
    long releaseChecks,
    boolean fixed,
    long capacity,
    boolean lock,
    int spaces) {
  static final String GRANULARITY = "granularity";
  static final String TRIM_THRESHOLD = "trim.threshold";
  static final String MMAP_THRESHOLD = "mmap.threshold";
  static final String FOOTPRINT_LIMIT = "footprint.limit";
  static final String CONTIGUOUS = "contiguous";
  static final String FOOTERS = "footers";
  static final String RELEASE_CHECKS = "release.checks";
  static final String MODE = "mode";
  static final String CAPACITY = "capacity";
  static final String LOCK = "lock";
  static final String SPACES = "spaces";

  /** A page's owner is a byte; more spaces than CPUs are of no use anyway. */
  static final int MOST_SPACES = 64;

  /** The original's trim threshold; a value at which a heap that breathes is not trimmed. */
  static final long DEFAULT_TRIM_THRESHOLD = 2L << 20;

  /** The original's number of large frees between two looks for unused segments. */
  static final long DEFAULT_RELEASE_CHECKS = 4095;

  /** Size of a fixed heap unless set: what the first large page of a growing one would hold. */
  static final long DEFAULT_CAPACITY = 64L << 20;

  private static final long LARGEST = 1L << 40; // of a granule or region: beyond any machine here

  static DlSettings parse(Settings settings, int pageBytes) {
    long limit = orOff(settings, FOOTPRINT_LIMIT, 0);
    return new DlSettings(
        granularity(settings, pageBytes),
        trimThreshold(settings),
        orOff(settings, MMAP_THRESHOLD, 0),
        limit == 0 ? Long.MAX_VALUE : limit,
        settings.flag(CONTIGUOUS, true),
        settings.flag(FOOTERS, false),
        settings.number(RELEASE_CHECKS, DEFAULT_RELEASE_CHECKS, 1, Long.MAX_VALUE),
        fixed(settings),
        capacity(settings, pageBytes),
        settings.flag(LOCK, true),
        (int) settings.number(SPACES, 1, 1, MOST_SPACES));
  }

  private static boolean isOff(Settings settings, String key) {
    return settings.text(key, "").strip().equalsIgnoreCase("off");
  }

  private static long orOff(Settings settings, String key, long otherwise) {
    return isOff(settings, key) ? 0 : settings.bytes(key, otherwise);
  }

  private static long trimThreshold(Settings settings) {
    return isOff(settings, TRIM_THRESHOLD)
        ? Long.MAX_VALUE
        : settings.bytes(TRIM_THRESHOLD, DEFAULT_TRIM_THRESHOLD);
  }

  private static long granularity(Settings settings, int pageBytes) {
    long bytes = settings.bytes(GRANULARITY, 0);
    if (bytes == 0) {
      return pageBytes;
    }
    if (Long.bitCount(bytes) != 1 || bytes < pageBytes || bytes > LARGEST) {
      throw settings.bad(
          GRANULARITY,
          settings.text(GRANULARITY, ""),
          "0 for a page, or a power of two from the page, " + pageBytes + ", to 1T");
    }
    return bytes;
  }

  private static boolean fixed(Settings settings) {
    String mode = settings.text(MODE, "growing").strip();
    return switch (mode) {
      case "growing", "" -> false;
      case "fixed" -> true;
      default -> throw settings.bad(MODE, mode, "growing or fixed");
    };
  }

  private static long capacity(Settings settings, int pageBytes) {
    long bytes = settings.bytes(CAPACITY, DEFAULT_CAPACITY);
    if (bytes < pageBytes || bytes > LARGEST) {
      throw settings.bad(
          CAPACITY, settings.text(CAPACITY, ""), "a size from one page, " + pageBytes + ", to 1T");
    }
    return (bytes + pageBytes - 1) & -pageBytes;
  }
}
