package heap.slab;

/** Where the pages of large blocks come from. Safe for use by several threads. */
interface PageSource {
  /** {@return what the first page of a block from here is marked with} */
  short owner();

  /**
   * Takes pages.
   *
   * @param bytes how many, in bytes
   * @param align what the address is a multiple of, at least a page
   * @return the address, or 0 if there are none to be had
   */
  long take(long bytes, long align);

  /** {@return whether the pages from an address on, directly behind a block, are taken now} */
  boolean extend(long end, long bytes);

  /** Gives pages back, which may be a part of what was taken. */
  void give(long address, long bytes);
}
