package heap.tlsf;

import allocator.api.Settings;

/**
 * The settings of one heap, parsed and checked.
 *
 * @param secondLevel log2 of the number of lists per power of two
 * @param firstLevel log2 of the size that no block and no pool reaches
 * @param growth the least growth in bytes, a multiple of the page
 * @param leastBlock bytes of the smallest block with its tag
 * @param emptyKeep bytes of wholly free pools that a free leaves with the heap
 * @param footprintLimit the most bytes to hold from below
 */
record TlsfSettings(
    int secondLevel,
    int firstLevel,
    long growth,
    long leastBlock,
    long emptyKeep,
    long footprintLimit) {
  static final String SECOND_LEVEL = "second.level";
  static final String FIRST_LEVEL = "first.level";
  static final String GROWTH = "growth";
  static final String BLOCK_LEAST = "block.least";
  static final String EMPTY_KEEP = "empty.keep";
  static final String FOOTPRINT_LIMIT = "footprint.limit";

  private static final long DEFAULT_GROWTH = 256L << 10;
  private static final long DEFAULT_EMPTY_KEEP = 1L << 20;
  private static final long MOST_BLOCK_LEAST = 512;

  static TlsfSettings parse(Settings settings, int pageBytes) {
    int firstLevel = (int) settings.number(FIRST_LEVEL, 40, 20, Tags.SIZE_BITS);
    return new TlsfSettings(
        (int) settings.number(SECOND_LEVEL, 5, 1, 6),
        firstLevel,
        growth(settings, pageBytes, 1L << (firstLevel - 1)),
        leastBlock(settings),
        orNone(settings, EMPTY_KEEP, DEFAULT_EMPTY_KEEP),
        orNone(settings, FOOTPRINT_LIMIT, Long.MAX_VALUE));
  }

  private static long growth(Settings settings, int pageBytes, long most) {
    long bytes = settings.bytes(GROWTH, Math.min(DEFAULT_GROWTH, most));
    if (bytes < 1 || bytes > most) {
      throw settings.bad(GROWTH, settings.text(GROWTH, ""), "a size from 1 to " + most);
    }
    return (bytes + pageBytes - 1) & -pageBytes;
  }

  private static long leastBlock(Settings settings) {
    long bytes = settings.bytes(BLOCK_LEAST, Tags.LEAST);
    if (bytes < Tags.LEAST || bytes > MOST_BLOCK_LEAST || bytes % Tags.ALIGN != 0) {
      throw settings.bad(
          BLOCK_LEAST, settings.text(BLOCK_LEAST, ""), "a multiple of 16 from 32 to 512");
    }
    return bytes;
  }

  private static long orNone(Settings settings, String key, long otherwise) {
    boolean off = settings.text(key, "").strip().equalsIgnoreCase("off");
    return off ? Long.MAX_VALUE : settings.bytes(key, otherwise);
  }
}
