package heap.zone;

import allocator.api.Settings;

/**
 * The settings of one heap, parsed and checked.
 *
 * @param typedClasses whether the size classes are those of {@code kalloc.type}
 * @param largest the largest size class in bytes
 * @param sequester whether addresses stay with the zone that had them first
 * @param submaps number of submaps that zones are spread over
 * @param spanBytes addresses that a submap reserves at once, at most
 * @param mapBytes the most addresses of all submaps together
 * @param mostRuns chunks that get addresses at once, at most
 * @param guards whether there are guard pages
 * @param shuffle whether chunks are used in random order
 * @param caching when zones get per-CPU magazines
 * @param enableLevel contentions per second and CPU from which on they do
 * @param magazineRounds elements of a magazine
 * @param periodMillis how often working sets and contention are looked at
 * @param footprintLimit the most bytes to hold from below
 * @param jetsamPercent percent of that limit from which on memory is reclaimed before growing
 * @param seed what the random choices begin with
 */
record ZoneSettings(
    boolean typedClasses,
    int largest,
    boolean sequester,
    int submaps,
    long spanBytes,
    long mapBytes,
    int mostRuns,
    boolean guards,
    boolean shuffle,
    Caching caching,
    int enableLevel,
    int magazineRounds,
    int periodMillis,
    long footprintLimit,
    int jetsamPercent,
    long seed) {
  /** When a zone gets per-CPU magazines. */
  enum Caching {
    NEVER,
    CONTENTION,
    ALWAYS
  }

  private static final int LARGEST_X86 = 16 << 10;
  private static final int LARGEST_ARM = 32 << 10;
  private static final int MOST_SUBMAPS = 16;
  private static final int DEFAULT_SUBMAPS = 4;
  private static final long DEFAULT_SPAN = 16L << 20;
  private static final long MOST_SPAN = 4L << 30;
  private static final long DEFAULT_MAP = 24L << 30;
  private static final int MOST_RUNS = 10;
  private static final int MOST_LEVEL = 1_000_000;
  private static final int DEFAULT_LEVEL = 10;
  private static final int MOST_ROUNDS = 128;
  private static final int DEFAULT_ROUNDS = 8;
  private static final int DEFAULT_PERIOD = 15_000;
  private static final int MOST_PERIOD = 3_600_000;
  private static final int PERCENT = 100;
  private static final int DEFAULT_JETSAM = 95;

  static ZoneSettings parse(Settings settings, int pageBytes) {
    return new ZoneSettings(
        typed(settings),
        largest(settings),
        settings.flag("sequester", true),
        (int) settings.number("submaps", DEFAULT_SUBMAPS, 1, MOST_SUBMAPS),
        spanBytes(settings, pageBytes),
        mapBytes(settings, pageBytes),
        (int) settings.number("runs.most", MOST_RUNS, 1, MOST_RUNS),
        settings.flag("guards", true),
        settings.flag("shuffle", true),
        caching(settings),
        (int) settings.number("zc.enable.level", DEFAULT_LEVEL, 1, MOST_LEVEL),
        (int) settings.number("zc.mag.size", DEFAULT_ROUNDS, 1, MOST_ROUNDS),
        (int) settings.number("wss.period", DEFAULT_PERIOD, 1, MOST_PERIOD),
        footprintLimit(settings),
        (int) settings.number("jetsam.limit", DEFAULT_JETSAM, 1, PERCENT),
        settings.number("seed", 1, Long.MIN_VALUE, Long.MAX_VALUE));
  }

  private static boolean typed(Settings settings) {
    String text = settings.text("kalloc.classes", "var").strip();
    return switch (text) {
      case "var" -> false;
      case "type" -> true;
      default -> throw settings.bad("kalloc.classes", text, "var or type");
    };
  }

  private static int largest(Settings settings) {
    long bytes = settings.bytes("kalloc.max", LARGEST_X86);
    if (bytes != LARGEST_X86 && bytes != LARGEST_ARM) {
      throw settings.bad("kalloc.max", settings.text("kalloc.max", ""), "16K or 32K");
    }
    return (int) bytes;
  }

  private static long spanBytes(Settings settings, int pageBytes) {
    long least = leastSpan(pageBytes);
    long bytes = settings.bytes("submap.span", Math.max(least, DEFAULT_SPAN));
    if (Long.bitCount(bytes) != 1 || bytes < least || bytes > MOST_SPAN) {
      throw settings.bad(
          "submap.span",
          settings.text("submap.span", ""),
          "a power of two from " + least + " to 4G");
    }
    return bytes;
  }

  /** {@return room for the most chunks at once, each with a guard, and one guard before them} */
  static long leastSpan(int pageBytes) {
    long most = 2L * ChunkGeometry.MOST_PAGES * pageBytes * (MOST_RUNS + 1);
    return Long.highestOneBit(most) << 1;
  }

  private static long mapBytes(Settings settings, int pageBytes) {
    long bytes = settings.bytes("map.bytes", DEFAULT_MAP);
    if (bytes < pageBytes) {
      throw settings.bad(
          "map.bytes", settings.text("map.bytes", ""), "at least a page, " + pageBytes + " bytes");
    }
    return bytes;
  }

  private static Caching caching(Settings settings) {
    String text = settings.text("caching", "contention").strip();
    return switch (text) {
      case "never" -> Caching.NEVER;
      case "contention" -> Caching.CONTENTION;
      case "always" -> Caching.ALWAYS;
      default -> throw settings.bad("caching", text, "never, contention or always");
    };
  }

  private static long footprintLimit(Settings settings) {
    if (settings.text("footprint.limit", "").strip().equalsIgnoreCase("off")) {
      return Long.MAX_VALUE;
    }
    long bytes = settings.bytes("footprint.limit", Long.MAX_VALUE);
    return bytes == 0 ? Long.MAX_VALUE : bytes;
  }
}
