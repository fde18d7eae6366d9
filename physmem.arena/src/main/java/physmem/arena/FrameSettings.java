package physmem.arena;

import allocator.api.Settings;
import allocator.arena.ArenaTuning;
import allocator.arena.Fit;
import java.util.Map;
import java.util.Set;

/**
 * The settings, read and checked; see {@link FrameConfiguration}.
 *
 * @param policy which free segment a single frame is taken from
 * @param blockPolicy which free segment a block of order 1 and more is taken from
 * @param cachedFrames frames of the largest block that CPUs cache; 0 for no caches
 * @param tuning what the engine is told
 */
record FrameSettings(Fit policy, Fit blockPolicy, long cachedFrames, ArenaTuning tuning) {
  private static final int MOST_CACHED_ORDER = 4; // the engine caches 16 sizes
  private static final Set<String> KEYS =
      Set.of("policy", "cacheOrder", "magazineRounds", "segmentsMax");

  /**
   * {@return the settings with a type}
   *
   * @throws allocator.api.BadSettingException if a key or a value is not accepted
   */
  static FrameSettings read(Settings settings) {
    for (Map.Entry<String, String> entry : settings.values().entrySet()) {
      boolean framework = entry.getKey().indexOf('.') >= 0; // service.pid, component.name …
      if (!framework && !KEYS.contains(entry.getKey())) {
        throw settings.bad(
            entry.getKey(),
            entry.getValue(),
            "no such key: policy, cacheOrder, magazineRounds, segmentsMax");
      }
    }
    Fit policy = ArenaTuning.readFit(settings, "policy", Fit.INSTANT);
    long order = settings.number("cacheOrder", 3, -1, MOST_CACHED_ORDER);
    int rounds = (int) settings.number("magazineRounds", 64, 2, 1024);
    long most = settings.number("segmentsMax", 1L << 28, 64, 1L << 28);
    ArenaTuning tuning = new ArenaTuning(Fit.INSTANT, order >= 0, rounds, 16, most, 0);
    Fit block = policy == Fit.NEXT ? Fit.INSTANT : policy; // next fit knows no alignment
    return new FrameSettings(policy, block, order < 0 ? 0 : 1L << order, tuning);
  }
}
