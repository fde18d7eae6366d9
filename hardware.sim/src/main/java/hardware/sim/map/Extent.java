package hardware.sim.map;

import hardware.api.map.RangeShape;

/**
 * The two ends of a map entry in inclusive form, made from whichever convention a format has.
 *
 * @param first first address in bytes, unsigned
 * @param last last address in bytes, unsigned, inclusive
 * @param shape whether the two make a range
 */
record Extent(long first, long last, RangeShape shape) {
  /** Where an exclusive end of 2^64, printed as zero, is believed: no RAM lies up there. */
  private static final long TOP = 1L << 52;

  /** A range whose last address is written. One below the first is how a length of 0 comes out. */
  static Extent inclusive(long first, long last) {
    if (first != 0 && last == first - 1) {
      return new Extent(first, first, RangeShape.EMPTY);
    }
    boolean reversed = Long.compareUnsigned(last, first) < 0;
    return new Extent(first, last, reversed ? RangeShape.REVERSED : RangeShape.PROPER);
  }

  /** A range whose end is the address after its last byte. */
  static Extent halfOpen(long start, long end) {
    if (end == start) {
      return new Extent(start, start, RangeShape.EMPTY);
    }
    if (end == 0 && Long.compareUnsigned(start, TOP) >= 0) {
      return new Extent(start, -1, RangeShape.PROPER);
    }
    boolean reversed = Long.compareUnsigned(end, start) < 0;
    return reversed
        ? new Extent(start, end, RangeShape.REVERSED)
        : new Extent(start, end - 1, RangeShape.PROPER);
  }

  /** A range whose length in bytes is written. */
  static Extent sized(long start, long length) {
    if (length == 0) {
      return new Extent(start, start, RangeShape.EMPTY);
    }
    long last = start + length - 1;
    return Long.compareUnsigned(last, start) < 0
        ? new Extent(start, -1, RangeShape.OVERFLOWING)
        : new Extent(start, last, RangeShape.PROPER);
  }

  /** Bytes covered, unsigned; 0 for a range that covers none. */
  long size() {
    return shape == RangeShape.PROPER || shape == RangeShape.OVERFLOWING ? last - first + 1 : 0;
  }
}
