package heap.zone;

/**
 * How the chunks of one zone are cut: the smallest chunk with the least waste, as {@code
 * zone_get_min_alloc_granule} chooses it. What does not divide evenly is left free at the front.
 *
 * @param elemSize the distance of two elements in bytes, a multiple of 16
 * @param chunkPages pages of a chunk, 1 to 8
 * @param elems elements of a chunk
 * @param offset where in the chunk the first element begins
 * @param pageShift logarithm to base 2 of a page's bytes
 */
record ChunkGeometry(int elemSize, int chunkPages, int elems, int offset, int pageShift) {
  /** The largest element in bytes. */
  static final int MOST = 32 << 10;

  /** The most pages of a chunk. */
  static final int MOST_PAGES = 8;

  private static final int BIG_PAGE = 16 << 10;
  private static final int BIG_PAGE_CHUNK = 48 << 10;
  private static final int BIG_ELEMENT = 4 << 10;
  private static final int INLINE_BITS = 32; // of the bitmap in a page's metadata

  /** {@return the geometry for elements of 16 bytes to {@link #MOST}} */
  static ChunkGeometry of(int elemSize, int pageBytes) {
    int bytes = granule(elemSize, pageBytes);
    int shift = Integer.numberOfTrailingZeros(pageBytes);
    return new ChunkGeometry(elemSize, bytes >>> shift, bytes / elemSize, bytes % elemSize, shift);
  }

  private static int granule(int elemSize, int pageBytes) {
    if (elemSize % pageBytes == 0) {
      return elemSize;
    }
    int best = pageBytes;
    int waste = percent(pageBytes, elemSize);
    int most = most(elemSize, pageBytes);
    for (int bytes = 2 * pageBytes; bytes <= most; bytes += pageBytes) {
      if (percent(bytes, elemSize) < waste) {
        waste = percent(bytes, elemSize);
        best = bytes;
      }
    }
    return best;
  }

  // The original's integer percent of a chunk that no element takes.
  private static int percent(int bytes, int elemSize) {
    return bytes % elemSize * 100 / bytes;
  }

  private static int most(int elemSize, int pageBytes) {
    return elemSize > BIG_ELEMENT && pageBytes == BIG_PAGE ? BIG_PAGE_CHUNK : MOST;
  }

  int chunkBytes() {
    return chunkPages << pageShift;
  }

  /** {@return how many elements end within so many first pages} */
  int elemsIn(int pages) {
    return Math.max(0, (pages << pageShift) - offset) / elemSize;
  }

  /** {@return the pages that the first element needs} */
  int leastPages() {
    return (offset + elemSize + (1 << pageShift) - 1) >>> pageShift;
  }

  /** {@return whether the bitmap of a chunk fits in the metadata of its pages} */
  boolean inline() {
    return elems <= INLINE_BITS * chunkPages;
  }

  /** {@return what every element's address is a multiple of, a power of two, at most a page} */
  int align() {
    return Math.min(Integer.lowestOneBit(elemSize | offset), 1 << pageShift);
  }
}
