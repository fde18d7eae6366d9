package heap.slab;

import allocator.api.Settings;

/**
 * The settings of one heap, parsed and checked.
 *
 * @param extentBytes what is imported at once, a power of two in bytes
 * @param runBytes the largest block that is cut from an extent
 * @param magazineRounds objects in a magazine at first; 0 to go by the object's size
 * @param magazineMost objects in a magazine at most
 * @param original whether slabs are cut as in the original, and not as SLUB does
 * @param colour whether slabs are coloured
 * @param footprintLimit the most bytes to hold from below
 * @param poison whether free objects are filled and checked
 * @param redzone whether there are guard bytes behind every object
 * @param audit whether the last allocation and free of each object is noted
 * @param random whether objects are handed out in random order
 * @param randomSeed what that order depends on
 */
record SlabSettings(
    long extentBytes,
    long runBytes,
    int magazineRounds,
    int magazineMost,
    boolean original,
    boolean colour,
    long footprintLimit,
    boolean poison,
    boolean redzone,
    boolean audit,
    boolean random,
    long randomSeed) {
  static final String EXTENT_BYTES = "extent.bytes";
  static final String LARGE_BYTES = "large.bytes";
  static final String MAGAZINE_ROUNDS = "magazine.rounds";
  static final String MAGAZINE_MOST = "magazine.most";
  static final String GEOMETRY = "geometry";
  static final String COLOUR = "colour";
  static final String FOOTPRINT_LIMIT = "footprint.limit";
  static final String POISON = "poison";
  static final String REDZONE = "redzone";
  static final String AUDIT = "audit";
  static final String RANDOM_ORDER = "random.order";
  static final String RANDOM_SEED = "random.seed";

  /** Four clusters of the kernel's backing, and eight of the largest slabs, at 4 KiB pages. */
  static final long DEFAULT_EXTENT = 256L << 10;

  private static final long LARGEST_EXTENT = 16L << 20; // a reserve of more is no reserve

  static SlabSettings parse(Settings settings, int pageBytes) {
    long extent = extentBytes(settings, pageBytes);
    return new SlabSettings(
        extent,
        runBytes(settings, pageBytes, extent),
        (int) settings.number(MAGAZINE_ROUNDS, 0, 0, MagazineTypes.MOST_ROUNDS),
        (int)
            settings.number(MAGAZINE_MOST, MagazineTypes.MOST_ROUNDS, 1, MagazineTypes.MOST_ROUNDS),
        original(settings),
        settings.flag(COLOUR, true),
        footprintLimit(settings),
        settings.flag(POISON, false),
        settings.flag(REDZONE, false),
        settings.flag(AUDIT, false),
        settings.flag(RANDOM_ORDER, false),
        settings.number(RANDOM_SEED, 1, 0, Integer.MAX_VALUE));
  }

  private static long extentBytes(Settings settings, int pageBytes) {
    long least = (long) pageBytes << SlabGeometry.MOST_ORDER;
    long bytes = settings.bytes(EXTENT_BYTES, Math.max(least, DEFAULT_EXTENT));
    if (Long.bitCount(bytes) != 1 || bytes < least || bytes > LARGEST_EXTENT) {
      throw settings.bad(
          EXTENT_BYTES,
          settings.text(EXTENT_BYTES, ""),
          "a power of two from 8 pages, " + least + ", to 16M");
    }
    return bytes;
  }

  private static long runBytes(Settings settings, int pageBytes, long extent) {
    long most = (long) Extents.MOST_PAGES * pageBytes;
    long bytes = settings.bytes(LARGE_BYTES, most);
    if (bytes > most) {
      throw settings.bad(LARGE_BYTES, settings.text(LARGE_BYTES, ""), "at most 16 pages, " + most);
    }
    return Math.min(bytes, extent);
  }

  private static boolean original(Settings settings) {
    String name = settings.text(GEOMETRY, "slub").strip();
    return switch (name) {
      case "slub", "" -> false;
      case "bonwick" -> true;
      default -> throw settings.bad(GEOMETRY, name, "slub or bonwick");
    };
  }

  private static long footprintLimit(Settings settings) {
    if (settings.text(FOOTPRINT_LIMIT, "").strip().equalsIgnoreCase("off")) {
      return Long.MAX_VALUE;
    }
    long bytes = settings.bytes(FOOTPRINT_LIMIT, Long.MAX_VALUE);
    return bytes == 0 ? Long.MAX_VALUE : bytes;
  }
}
