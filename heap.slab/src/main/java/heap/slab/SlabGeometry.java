package heap.slab;

/**
 * How the slabs of one cache are cut: as SLUB does, or as the original did. SLUB's have as many
 * objects as make its lists' lock rare, and nothing else. The original's of small objects are one
 * page with its control at the end; those of objects from an eighth of a page on are of the length
 * that wastes least per object, with their control elsewhere.
 *
 * @param objectBytes what a client may use of an object
 * @param stride the distance of two objects in bytes
 * @param align what every object's address is a multiple of, in bytes
 * @param pages the number of a slab's pages
 * @param slabBytes the length of a slab
 * @param objects the number of objects in a slab
 * @param colours how many different starts a slab may have
 * @param colourStep their distance in bytes
 * @param control bytes at the end of a slab for its control; 0 if that is elsewhere
 */
record SlabGeometry(
    long objectBytes,
    int stride,
    int align,
    int pages,
    int slabBytes,
    int objects,
    int colours,
    int colourStep,
    int control) {
  /** The largest order of a slab: Linux's limit for allocations that are not costly. */
  static final int MOST_ORDER = 3;

  private static final int LEAST_FRACTION = 4; // worst waste accepted: a quarter of the slab
  private static final int BEST_FRACTION = 16; // waste aimed at: a sixteenth
  private static final int LINE = 64; // bytes of a cache line: less is no other colour
  private static final int VOID_FRACTION = 8; // the original's: an eighth of a slab may be void
  private static final int LEAST_CONTROL = 56; // bytes: the original's, seven words
  private static final int HEADER = 8; // bytes of a control before its marks

  /** {@return whether an object of this stride fits in a slab at all} */
  static boolean fits(long stride, int pageBytes) {
    return stride <= (long) pageBytes << MOST_ORDER;
  }

  /**
   * Cuts slabs as SLUB does.
   *
   * @param objectBytes what a client may use
   * @param stride the distance of two objects, a multiple of the alignment; must fit
   * @param align a power of two, at most a page
   * @param pageBytes the size of a page
   * @param cpus the number of CPUs; more of them want more objects in a slab
   * @param colour whether slabs are coloured
   * @return the geometry
   */
  static SlabGeometry choose(
      long objectBytes, int stride, int align, int pageBytes, int cpus, boolean colour) {
    int pages = 1 << order(stride, pageBytes, cpus);
    int objects = pages * pageBytes / stride;
    return of(objectBytes, stride, align, pages, pageBytes, objects, 0, colour);
  }

  private static SlabGeometry of(
      long objectBytes,
      int stride,
      int align,
      int pages,
      int pageBytes,
      int objects,
      int control,
      boolean colour) {
    int bytes = pages * pageBytes;
    int step = Math.max(LINE, align);
    int colours = colour ? 1 + (bytes - control - objects * stride) / step : 1;
    return new SlabGeometry(
        objectBytes, stride, align, pages, bytes, objects, colours, step, control);
  }

  /*
   * SLUB wants at least min_objects in a slab, so that the lock of the lists is taken rarely:
   * 4 * (fls(CPUs) + 1), 8 for one CPU, 12 for two, but no more than the largest slab holds. The
   * smallest order with that many is taken if its waste is at most 1/16, else at most 1/8, else
   * 1/4; then one object less is tried.
   */
  private static int order(int stride, int pageBytes, int cpus) {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(cpus);
    int most = (pageBytes << MOST_ORDER) / stride;
    for (int least = Math.min(4 * (bits + 1), most); least > 1; least--) {
      for (int part = BEST_FRACTION; part >= LEAST_FRACTION; part /= 2) {
        int order = order(stride, pageBytes, least, part);
        if (order <= MOST_ORDER) {
          return order;
        }
      }
    }
    return order(stride, pageBytes, 1, 1);
  }

  private static int order(int stride, int pageBytes, int least, int fraction) {
    int order = 0;
    while (order <= MOST_ORDER && !accepts(pageBytes << order, stride, least, fraction)) {
      order++;
    }
    return order;
  }

  private static boolean accepts(int bytes, int stride, int least, int fraction) {
    return bytes / stride >= least && bytes % stride <= bytes / fraction;
  }

  /**
   * Cuts slabs as the original does, with the same parameters as {@link #choose} but the CPUs.
   *
   * @return the geometry
   */
  static SlabGeometry original(
      long objectBytes, int stride, int align, int pageBytes, boolean colour) {
    if (stride < pageBytes / VOID_FRACTION) {
      int objects = withControl(stride, pageBytes);
      return of(objectBytes, stride, align, 1, pageBytes, objects, control(objects), colour);
    }
    int pages = leastWaste(stride, pageBytes);
    int objects = pages * pageBytes / stride;
    return of(objectBytes, stride, align, pages, pageBytes, objects, 0, colour);
  }

  private static int control(int objects) {
    return Math.max(LEAST_CONTROL, HEADER + Long.BYTES * ((objects + 63) / 64));
  }

  private static int withControl(int stride, int pageBytes) {
    int objects = (pageBytes - LEAST_CONTROL) / stride;
    while (objects * stride + control(objects) > pageBytes) {
      objects--;
    }
    return objects;
  }

  private static int leastWaste(int stride, int pageBytes) {
    int best = 0;
    int leastWaste = Integer.MAX_VALUE;
    for (int objects = 1; objects <= VOID_FRACTION; objects++) {
      int pages = (stride * objects + pageBytes - 1) / pageBytes;
      objects = pages * pageBytes / stride; // as many as the pages hold
      int waste = pages * pageBytes % stride / objects;
      if (waste < leastWaste && pages <= Extents.MOST_PAGES) {
        leastWaste = waste;
        best = pages;
      }
    }
    return best;
  }

  /** {@return where the marks of free objects begin in a slab with its control at the end} */
  int marksAt() {
    return slabBytes - control + HEADER;
  }
}
