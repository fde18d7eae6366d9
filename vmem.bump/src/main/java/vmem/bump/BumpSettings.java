package vmem.bump;

import allocator.api.Settings;

/**
 * The settings of an engine, checked. {@link BumpConfiguration} describes each.
 *
 * @param latestFirst whether the span that grew latest is tried before the lowest that has room
 * @param gap quanta that stay unused behind each range
 */
record BumpSettings(boolean latestFirst, long gap) {
  /** What applies when nothing is configured. */
  static final BumpSettings DEFAULT = read(Settings.none("vmem.bump"));

  private static final long MOST_GAP = 1024; // 4 MiB of 4 KiB pages: beyond any overrun by index

  /**
   * Reads and checks settings.
   *
   * @throws allocator.api.BadSettingException naming the setting and what it takes
   */
  static BumpSettings read(Settings settings) {
    return new BumpSettings(readOrder(settings), settings.number("gap", 0, 0, MOST_GAP));
  }

  private static boolean readOrder(Settings settings) {
    String text = settings.text("order", "lowest").strip();
    return switch (text) {
      case "lowest" -> false;
      case "latest" -> true;
      default -> throw settings.bad("order", text, "lowest or latest");
    };
  }

  /** {@return the gap in bytes; the most whole quanta there can be if it is 2^64 or more} */
  long gapBytes(long quantum) {
    boolean fits = Long.compareUnsigned(gap, Long.divideUnsigned(-1, quantum)) <= 0;
    return fits ? gap * quantum : -quantum;
  }
}
