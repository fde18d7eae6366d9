package heap.slab;

/**
 * How the slabs of one cache are cut.
 *
 * @param objectBytes what a client may use of an object
 * @param stride the distance of two objects in bytes
 * @param align what every object's address is a multiple of, in bytes
 * @param order logarithm to base 2 of a slab's pages
 * @param slabBytes the length of a slab
 * @param objects the number of objects in a slab
 * @param colours how many different starts a slab may have
 * @param colourStep their distance in bytes
 */
record SlabGeometry(
    long objectBytes,
    int stride,
    int align,
    int order,
    int slabBytes,
    int objects,
    int colours,
    int colourStep) {
  /** The largest order of a slab: Linux's limit for allocations that are not costly. */
  static final int MOST_ORDER = 3;

  private static final int LEAST_FRACTION = 4; // worst waste accepted: a quarter of the slab
  private static final int BEST_FRACTION = 16; // waste aimed at: a sixteenth
  private static final int LINE = 64; // bytes of a cache line: less is no other colour

  /** {@return whether an object of this stride fits in a slab at all} */
  static boolean fits(long stride, int pageBytes) {
    return stride <= (long) pageBytes << MOST_ORDER;
  }

  /**
   * Chooses the order as SLUB does.
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
    int order = order(stride, pageBytes, cpus);
    int bytes = pageBytes << order;
    int objects = bytes / stride;
    int step = Math.max(LINE, align);
    int colours = colour ? 1 + (bytes - objects * stride) / step : 1;
    return new SlabGeometry(objectBytes, stride, align, order, bytes, objects, colours, step);
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
}
