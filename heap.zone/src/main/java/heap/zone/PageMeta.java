package heap.zone;

/**
 * The 16 bytes of metadata of a page, in the layout of XNU's {@code zone_page_metadata}.
 *
 * <pre>
 * first word    0-9    zone index; 0 nobody's, 1023 the first page of a large block
 *               10     a guard lies behind the chunk
 *               11     the bitmap is inline, 32 bits in each page of the chunk
 *               12-15  first page of a chunk: pages with frames, 0 to 8; others: see the constants
 *               16-31  first page: elements allocated; bit 31 while the chunk is being completed
 *                      other pages: index of the page in its chunk
 *               32-63  bitmap, or where it is in {@link Bitmaps}
 * second word   0-31   next page of the queue, 32-63 the one before; for a large block its pages
 * </pre>
 */
final class PageMeta {
  /** The zone index of pages that belong to no zone. */
  static final int NOBODY = 0;

  /** The zone index of a large block's first page. */
  static final int LARGE = 1023;

  /** The most zones. */
  static final int MOST_ZONES = 1022;

  /** The length of a page that is a guard, never with a frame: XNU's {@code ZM_PGZ_GUARD}. */
  static final int GUARD = 0xb;

  /** The length of a page that is not the first of its chunk: {@code ZM_SECONDARY_PAGE}. */
  static final int SECONDARY = 0xe;

  private static final long ZONE_MASK = 0x3ff;
  private static final long GUARDED = 1L << 10;
  private static final long INLINE = 1L << 11;
  private static final int LEN_SHIFT = 12;
  private static final long LEN_MASK = 0xfL << LEN_SHIFT;
  private static final int COUNT_SHIFT = 16;
  private static final long COUNT_MASK = 0x7fffL << COUNT_SHIFT;

  /** What a word grows by when an element is allocated. */
  static final long ONE = 1L << COUNT_SHIFT;

  private static final long LOCKED = 1L << 31;
  private static final int MAP_SHIFT = 32;
  private static final long LOW = 0xffff_ffffL;

  private PageMeta() {}

  /** {@return the first word of a page} */
  static long word(int zone, boolean guarded, boolean inline, int length, int count, int map) {
    return zone
        | (guarded ? GUARDED : 0)
        | (inline ? INLINE : 0)
        | (long) length << LEN_SHIFT
        | (long) count << COUNT_SHIFT
        | (long) map << MAP_SHIFT;
  }

  static int zone(long word) {
    return (int) (word & ZONE_MASK);
  }

  static boolean guarded(long word) {
    return (word & GUARDED) != 0;
  }

  static boolean inline(long word) {
    return (word & INLINE) != 0;
  }

  static int length(long word) {
    return (int) ((word & LEN_MASK) >>> LEN_SHIFT);
  }

  static long withLength(long word, int length) {
    return word & ~LEN_MASK | (long) length << LEN_SHIFT;
  }

  /** {@return the allocated elements of a chunk, or the index of a page that is not its first} */
  static int count(long word) {
    return (int) ((word & COUNT_MASK) >>> COUNT_SHIFT);
  }

  static long withCount(long word, int count) {
    return word & ~COUNT_MASK | (long) count << COUNT_SHIFT;
  }

  static boolean locked(long word) {
    return (word & LOCKED) != 0;
  }

  static long withLock(long word, boolean locked) {
    return locked ? word | LOCKED : word & ~LOCKED;
  }

  static int map(long word) {
    return (int) (word >>> MAP_SHIFT);
  }

  static long withMap(long word, int map) {
    return word & LOW | (long) map << MAP_SHIFT;
  }

  static long link(int next, int before) {
    return next & LOW | (long) before << MAP_SHIFT;
  }

  static int next(long link) {
    return (int) link;
  }

  static int before(long link) {
    return (int) (link >>> MAP_SHIFT);
  }
}
