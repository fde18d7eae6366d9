package heap.slab;

/** Pages cut from the extents, for blocks of a few pages. */
final class ExtentPages implements PageSource {
  private final Extents extents;
  private final int pageBytes;
  private final long mostBytes;

  ExtentPages(Extents extents, int pageBytes, long mostBytes) {
    this.extents = extents;
    this.pageBytes = pageBytes;
    this.mostBytes = mostBytes;
  }

  @Override
  public short owner() {
    return Region.RUN;
  }

  @Override
  public long take(long bytes, long align) {
    return serves(bytes, align) ? extents.takeRun(pages(bytes)) : 0;
  }

  /** {@return whether blocks of so many bytes, with that alignment, are cut from extents} */
  boolean serves(long bytes, long align) {
    return bytes <= mostBytes && align <= pageBytes;
  }

  @Override
  public boolean extend(long end, long bytes) {
    return bytes <= mostBytes && extents.extend(end, pages(bytes));
  }

  @Override
  public void give(long address, long bytes) {
    extents.give(address, pages(bytes));
  }

  private int pages(long bytes) {
    return (int) (bytes / pageBytes);
  }
}
