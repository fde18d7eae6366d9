package hardware.api.map;

/** Whether the two numbers of a map entry make a range at all. */
public enum RangeShape {
  /** The first address is not above the last one. */
  PROPER,

  /** A length of zero: the entry names an address and covers nothing. */
  EMPTY,

  /**
   * The end lies below the start, swapped or wrapped: the entry covers nothing that can be known.
   */
  REVERSED,

  /** Start plus length pass 2^64: the entry is held as reaching the last byte below 2^64. */
  OVERFLOWING
}
