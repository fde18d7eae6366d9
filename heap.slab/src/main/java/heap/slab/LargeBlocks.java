package heap.slab;

import heap.api.BackedSpans;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Blocks that no size class holds: whole pages, a few of them from the extents, more of them
 * imported for each block by itself. A block is known by its first page, whose value is the length
 * in pages; negative while the block is being given back. Safe for use by several threads; no lock.
 */
final class LargeBlocks {
  private final SlabSpace space;
  private final Regions regions;
  private final ExtentPages runs;
  private final PageSource single;
  private final int pageBytes;
  private final AtomicLong count = new AtomicLong();
  private final AtomicLong pages = new AtomicLong();
  private final AtomicLong runPages = new AtomicLong();
  private final AtomicLong allocations = new AtomicLong();
  private final AtomicLong extensions = new AtomicLong();
  private final AtomicLong fails = new AtomicLong();

  LargeBlocks(SlabSpace space) {
    this.space = space;
    this.regions = space.regions;
    this.pageBytes = space.pageBytes;
    this.runs = new ExtentPages(space.extents, pageBytes, space.settings.runBytes());
    this.single = new SpanPages(space.spans, regions, space.ledger);
  }

  /** {@return whether a block of so many bytes, with that alignment, could exist in the window} */
  private boolean conceivable(long bytes, long align) {
    long most = Math.min(space.window.size(), (long) Integer.MAX_VALUE * pageBytes);
    return bytes <= most && align <= space.window.size();
  }

  /** {@return how many pages a block of so many bytes has} */
  int pages(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, roundUp(bytes) / pageBytes);
  }

  /** {@return whether a block is cut from the extents, if they have room} */
  boolean isRun(long bytes, long align) {
    return runs.serves(roundUp(bytes), align);
  }

  private long roundUp(long bytes) {
    return (Math.max(1, bytes) + pageBytes - 1) & -pageBytes;
  }

  /** {@return the address of a block, or 0 if memory is exhausted} */
  long allocate(long bytes, long align) {
    long block = BackedSpans.NONE;
    if (conceivable(bytes, align)) {
      long whole = roundUp(bytes);
      long unit = Math.max(align, pageBytes);
      block = take(whole, unit);
      if (block == BackedSpans.NONE) {
        space.reclaim();
        block = take(whole, unit);
      }
    }
    (block == BackedSpans.NONE ? fails : allocations).incrementAndGet();
    return block;
  }

  private long take(long bytes, long align) {
    long block = take(runs, bytes, align);
    return block == BackedSpans.NONE ? take(single, bytes, align) : block;
  }

  private long take(PageSource source, long bytes, long align) {
    long block = source.take(bytes, align);
    if (block != BackedSpans.NONE) {
      int length = (int) (bytes / pageBytes);
      count.incrementAndGet();
      add(source, length);
      regions.own(block, pageBytes, source.owner(), length);
    }
    return block;
  }

  private void add(PageSource source, int length) {
    pages.addAndGet(length);
    runPages.addAndGet(source.owner() == Region.RUN ? length : 0);
  }

  private PageSource source(long address) {
    return regions.owner(address) == Region.RUN ? runs : single;
  }

  /** {@return whether a block came straight from below when it was allocated} */
  boolean isSpan(long address) {
    return regions.owner(address) == Region.LARGE;
  }

  /**
   * {@return the length of a live block in bytes}
   *
   * @throws allocator.api.MisuseException if none begins at the address
   */
  long bytes(long address) {
    return (long) length(address) * pageBytes;
  }

  private int length(long address) {
    int length = regions.find(address).value[regions.page(address)];
    boolean begins = (regions.offset(address) & (pageBytes - 1)) == 0;
    if (!begins || length <= 0 || regions.owner(address) >= Region.NOBODY) {
      throw Faults.foreign(address);
    }
    return length;
  }

  /* The page is nobody's before the address can be taken again. */
  void free(long address) {
    int length = length(address);
    PageSource source = source(address);
    become(address, length, -length);
    regions.own(address, pageBytes, Region.NOBODY, 0);
    boolean done = false;
    try {
      giveBack(source, address, length);
      count.decrementAndGet();
      done = true;
    } finally {
      if (!done) {
        regions.own(address, pageBytes, source.owner(), length);
      }
    }
  }

  /** Of several calls that change one block at the same time, one goes on. */
  private void become(long address, int length, int now) {
    if (!regions.find(address).replace(regions.page(address), length, now)) {
      throw Faults.foreign(address);
    }
  }

  private void giveBack(PageSource source, long address, int length) {
    source.give(address, (long) length * pageBytes);
    add(source, -length);
  }

  /** {@return whether the block has the size now, where it is} */
  boolean resize(long address, long bytes) {
    int length = length(address);
    if (!conceivable(bytes, 1)) {
      return false;
    }
    int now = (int) (roundUp(bytes) / pageBytes);
    return now <= length ? shrink(address, length, now) : extend(address, length, now);
  }

  private boolean shrink(long address, int length, int now) {
    become(address, length, now);
    boolean done = now == length;
    try {
      if (!done) {
        giveBack(source(address), address + (long) now * pageBytes, length - now);
        done = true;
      }
    } finally {
      if (!done) {
        become(address, now, length);
      }
    }
    return true;
  }

  private boolean extend(long address, int length, int now) {
    PageSource source = source(address);
    long end = address + (long) length * pageBytes;
    boolean got = source.extend(end, (long) (now - length) * pageBytes);
    if (got) {
      lengthen(source, address, length, now);
    }
    return got;
  }

  private void lengthen(PageSource source, long address, int length, int now) {
    add(source, now - length);
    boolean done = false;
    try {
      become(address, length, now);
      done = true;
    } finally {
      if (!done) { // the client frees or resizes the block at the same time
        giveBack(source, address + (long) length * pageBytes, now - length);
      }
    }
    extensions.incrementAndGet();
  }

  long count() {
    return count.get();
  }

  /** {@return the bytes of all blocks} */
  long bytes() {
    return pages.get() * pageBytes;
  }

  /** {@return the bytes of those blocks that are part of extents} */
  long runBytes() {
    return runPages.get() * pageBytes;
  }

  long allocations() {
    return allocations.get();
  }

  long extensions() {
    return extensions.get();
  }

  long fails() {
    return fails.get();
  }
}
