package allocator.arena;

import allocator.api.Settings;
import java.util.Locale;

/**
 * The settings that arenas share in every tier, checked.
 *
 * @param allocator the policy added to that of every request without constraints, as libumem's
 *     option of that name does; see {@link #effective}
 * @param quantumCaches whether arenas that ask for quantum caches get them
 * @param magazineRounds ranges that one magazine of a quantum cache holds
 * @param hashStart buckets of a new arena's table of live segments, a power of two
 * @param segmentsMax boundary tags that one arena may use
 * @param importLeast bytes that an import asks for at least; 0 for what the request needs
 */
public record ArenaTuning(
    Fit allocator,
    boolean quantumCaches,
    int magazineRounds,
    int hashStart,
    long segmentsMax,
    long importLeast) {

  /** What applies when nothing is configured. */
  public static final ArenaTuning DEFAULT = read(Settings.none("allocator.arena"));

  /**
   * Reads and checks settings.
   *
   * @param settings the keys {@code allocator}, {@code quantumCaches}, {@code magazineRounds},
   *     {@code hashStart}, {@code segmentsMax} and {@code importLeast}
   * @return the tuning
   * @throws allocator.api.BadSettingException naming the setting and what it takes
   */
  public static ArenaTuning read(Settings settings) {
    return new ArenaTuning(
        readFit(settings, "allocator", Fit.BEST),
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
  public Fit effective(Fit asked) {
    if (asked == Fit.NEXT || allocator == Fit.NEXT) {
      return Fit.NEXT;
    }
    if (asked == Fit.BEST || allocator == Fit.BEST) {
      return Fit.BEST;
    }
    return asked == Fit.FIRST ? asked : allocator;
  }

  /**
   * {@return a policy read from settings}
   *
   * @param settings the settings
   * @param key the setting
   * @param otherwise the policy when the setting is absent
   * @throws allocator.api.BadSettingException naming the setting and what it takes
   */
  public static Fit readFit(Settings settings, String key, Fit otherwise) {
    String text = settings.text(key, "").strip();
    if (text.isEmpty()) {
      return otherwise;
    }
    for (Fit policy : Fit.values()) {
      if (policy.name().toLowerCase(Locale.ROOT).equals(text)) {
        return policy;
      }
    }
    throw settings.bad(key, text, "instant, best, first or next");
  }

  private static int readBuckets(Settings settings) {
    long buckets = settings.number("hashStart", 16, 16, 1 << 24);
    if (Long.bitCount(buckets) != 1) {
      throw settings.bad("hashStart", Long.toString(buckets), "a power of two");
    }
    return (int) buckets;
  }
}
