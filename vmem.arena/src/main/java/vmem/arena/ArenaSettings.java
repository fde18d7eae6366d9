package vmem.arena;

import allocator.api.Settings;
import java.util.Locale;
import vmem.api.FitPolicy;

/**
 * The settings of an engine, checked. {@link ArenaConfiguration} describes each.
 *
 * @param allocator the policy added to that of every request without constraints, as libumem's
 *     option of that name does; see {@link #effective}
 * @param quantumCaches whether arenas that ask for quantum caches get them
 * @param magazineRounds ranges that one magazine of a quantum cache holds
 * @param hashStart buckets of a new arena's table of live segments, a power of two
 * @param segmentsMax boundary tags that one arena may use
 * @param importLeast bytes that an import asks for at least; 0 for what the request needs
 */
record ArenaSettings(
    FitPolicy allocator,
    boolean quantumCaches,
    int magazineRounds,
    int hashStart,
    long segmentsMax,
    long importLeast) {

  /** What applies when nothing is configured. */
  static final ArenaSettings DEFAULT = read(Settings.none("vmem.arena"));

  /**
   * Reads and checks settings.
   *
   * @throws allocator.api.BadSettingException naming the setting and what it takes
   */
  static ArenaSettings read(Settings settings) {
    return new ArenaSettings(
        readAllocator(settings),
        settings.flag("quantumCaches", true),
        (int) settings.number("magazineRounds", 16, 2, 1024),
        readBuckets(settings),
        settings.number("segmentsMax", 1L << 28, Tags.WORST_CASE, 1L << 28),
        settings.bytes("importLeast", 0));
  }

  /**
   * {@return the policy that a request without constraints is served by}
   *
   * <p>The original ors the flags of the request and those of the process, and of several flags
   * next fit counts before best fit and that before first fit; instant fit is the absence of a
   * flag.
   *
   * @param asked the policy that the request names
   */
  FitPolicy effective(FitPolicy asked) {
    if (asked == FitPolicy.NEXT || allocator == FitPolicy.NEXT) {
      return FitPolicy.NEXT;
    }
    if (asked == FitPolicy.BEST || allocator == FitPolicy.BEST) {
      return FitPolicy.BEST;
    }
    return asked == FitPolicy.FIRST ? asked : allocator;
  }

  private static FitPolicy readAllocator(Settings settings) {
    String text = settings.text("allocator", "best").strip();
    for (FitPolicy policy : FitPolicy.values()) {
      if (policy.name().toLowerCase(Locale.ROOT).equals(text)) {
        return policy;
      }
    }
    throw settings.bad("allocator", text, "instant, best, first or next");
  }

  private static int readBuckets(Settings settings) {
    long buckets = settings.number("hashStart", 16, 16, 1 << 24);
    if (Long.bitCount(buckets) != 1) {
      throw settings.bad("hashStart", Long.toString(buckets), "a power of two");
    }
    return (int) buckets;
  }
}
