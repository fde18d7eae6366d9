package heap.arena;

import allocator.api.Settings;
import allocator.arena.ArenaTuning;
import allocator.arena.Fit;

/**
 * The settings of one heap, parsed and checked; {@link ArenaHeapConfiguration} describes each.
 *
 * @param policy which free segment a block is taken from
 * @param cacheMost bytes of the largest block that CPUs cache; 0 for no caches
 * @param fixed whether there is one span of {@code importBytes} and no growth
 * @param importBytes bytes that an import asks for at least
 * @param retainBytes bytes of empty spans that are kept for the next imports
 * @param footprintLimit the most bytes to hold from below
 * @param rebuilds whether a predecessor's blocks are taken over, where they can be
 * @param tuning what the engine is told
 */
record HeapSettings(
    Fit policy,
    long cacheMost,
    boolean fixed,
    long importBytes,
    long retainBytes,
    long footprintLimit,
    boolean rebuilds,
    ArenaTuning tuning) {
  /** The unit of the heap in bytes. */
  static final long QUANTUM = 16;

  private static final String CACHE_MOST = "cache.most";
  private static final String IMPORT_BYTES = "import.bytes";
  private static final String CAPACITY = "capacity";
  private static final String LIMIT = "footprint.limit";
  private static final long LARGEST_CACHED = 16 * QUANTUM; // the engine caches 16 sizes
  private static final long LARGEST_SPAN = 1L << 40;

  /**
   * {@return the settings with a type}
   *
   * @throws allocator.api.BadSettingException if a value is not accepted
   */
  static HeapSettings read(Settings settings, int pageBytes) {
    boolean fixed = readMode(settings);
    long span =
        fixed
            ? readSpan(settings, CAPACITY, 64L << 20, pageBytes)
            : readSpan(settings, IMPORT_BYTES, 256L << 10, pageBytes);
    long cached = readCached(settings);
    ArenaTuning tuning =
        new ArenaTuning(
            ArenaTuning.readFit(settings, "policy", Fit.INSTANT),
            cached != 0,
            (int) settings.number("magazine.rounds", 32, 2, 1024),
            1 << 10,
            settings.number("segments.max", 1L << 28, 64, 1L << 28),
            span);
    return new HeapSettings(
        tuning.allocator(),
        cached,
        fixed,
        span,
        fixed ? span : settings.bytes("retain.bytes", span),
        fixed ? span : readLimit(settings),
        readTakeover(settings),
        tuning);
  }

  private static boolean readMode(Settings settings) {
    String mode = settings.text("mode", "growing").strip();
    return switch (mode) {
      case "growing", "" -> false;
      case "fixed" -> true;
      default -> throw settings.bad("mode", mode, "growing or fixed");
    };
  }

  private static boolean readTakeover(Settings settings) {
    String form = settings.text("takeover", "rebuild").strip();
    return switch (form) {
      case "rebuild", "" -> true;
      case "lodge" -> false;
      default -> throw settings.bad("takeover", form, "rebuild or lodge");
    };
  }

  private static long readSpan(Settings settings, String key, long otherwise, int pageBytes) {
    long bytes = settings.bytes(key, Math.max(otherwise, pageBytes));
    if (bytes < pageBytes || bytes > LARGEST_SPAN) {
      throw settings.bad(
          key, settings.text(key, ""), "a size from one page, " + pageBytes + ", to 1T");
    }
    return (bytes + pageBytes - 1) & -pageBytes;
  }

  private static long readCached(Settings settings) {
    long bytes = settings.bytes(CACHE_MOST, LARGEST_CACHED);
    if (bytes > LARGEST_CACHED || (bytes & (QUANTUM - 1)) != 0) {
      throw settings.bad(
          CACHE_MOST, settings.text(CACHE_MOST, ""), "a multiple of 16 from 0 to 256");
    }
    return bytes;
  }

  private static long readLimit(Settings settings) {
    if (settings.text(LIMIT, "").strip().equals("off")) {
      return Long.MAX_VALUE;
    }
    long bytes = settings.bytes(LIMIT, 0);
    return bytes == 0 ? Long.MAX_VALUE : bytes;
  }
}
