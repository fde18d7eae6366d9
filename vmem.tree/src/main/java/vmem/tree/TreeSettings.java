package vmem.tree;

import allocator.api.Settings;

/**
 * The settings of an engine, checked. {@link TreeConfiguration} describes each.
 *
 * @param topDown whether ranges are placed as high as possible
 * @param guard whether one quantum stays unused behind each range
 * @param lazy freed bytes that wait for each bit of the number of CPUs
 * @param randomBits how many random bits displace the beginning of the search
 * @param seed where the random numbers begin
 * @param areasMax how many areas an arena may have
 */
record TreeSettings(
    boolean topDown, boolean guard, long lazy, int randomBits, long seed, long areasMax) {
  /** What applies when nothing is configured. */
  static final TreeSettings DEFAULT = read(Settings.none("vmem.tree"));

  private static final long LAZY = 32L << 20; // lazy_max_pages() counts in 32 MiB
  private static final long MOST_AREAS = 1L << 28;

  /**
   * Reads and checks settings.
   *
   * @throws allocator.api.BadSettingException naming the setting and what it takes
   */
  static TreeSettings read(Settings settings) {
    return new TreeSettings(
        readPlacement(settings),
        settings.flag("guard", true),
        settings.bytes("lazy", LAZY),
        (int) settings.number("randomBits", 0, 0, 48),
        settings.number("seed", 1, Long.MIN_VALUE, Long.MAX_VALUE),
        settings.number("areasMax", MOST_AREAS, Areas.WORST_CASE, MOST_AREAS));
  }

  private static boolean readPlacement(Settings settings) {
    String text = settings.text("placement", "bottom-up").strip();
    return switch (text) {
      case "bottom-up" -> false;
      case "top-down" -> true;
      default -> throw settings.bad("placement", text, "bottom-up or top-down");
    };
  }

  /** {@return how many freed bytes may wait: the kernel's lazy_max_pages(), in bytes} */
  long lazyMost(int cpus) {
    long bits = Integer.SIZE - Integer.numberOfLeadingZeros(cpus);
    return lazy > Long.MAX_VALUE / bits ? Long.MAX_VALUE : lazy * bits;
  }

  /**
   * {@return a random number of quanta below 2^{@link #randomBits} and below a limit}
   *
   * @param salt what makes one arena differ from another
   */
  long displacement(long salt, long limit) {
    long mixed = seed + salt * 0x9E3779B97F4A7C15L; // SplitMix64, Steele and others 2014
    mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
    mixed = (mixed ^ mixed >>> 31) & (1L << randomBits) - 1;
    return limit == 0 ? 0 : Long.remainderUnsigned(mixed, limit);
  }
}
