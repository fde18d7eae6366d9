package heap.zone;

import heap.api.BackedSpans;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Blocks that no size class holds: whole pages straight from below, as {@code kalloc_large} takes
 * them from {@code kmem_alloc}. A block is known by its first page, whose second word is the length
 * in pages; negative while the block is being given back. Safe for use by several threads; no lock.
 */
final class LargeBlocks {
  private static final long FIRST = PageMeta.word(PageMeta.LARGE, false, false, 1, 0, 0);

  private final ZoneSpace space;
  private final Regions regions;
  private final BackedSpans spans;
  private final Ledger ledger;
  private final int pageBytes;
  private final AtomicLong count = new AtomicLong();
  private final AtomicLong pages = new AtomicLong();
  private final AtomicLong allocations = new AtomicLong();
  private final AtomicLong extensions = new AtomicLong();
  private final AtomicLong fails = new AtomicLong();

  LargeBlocks(ZoneSpace space) {
    this.space = space;
    this.regions = space.regions;
    this.spans = space.spans;
    this.ledger = space.ledger;
    this.pageBytes = space.pageBytes;
  }

  /** {@return whether a block of so many bytes, with that alignment, could exist in the window} */
  private boolean conceivable(long bytes, long align) {
    return bytes <= space.window.size() && align <= space.window.size();
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
        space.gc.exhausted();
        block = take(whole, unit);
      }
    }
    (block == BackedSpans.NONE ? fails : allocations).incrementAndGet();
    return block;
  }

  private long take(long bytes, long align) {
    if (!ledger.promise(bytes)) {
      return BackedSpans.NONE;
    }
    long block = BackedSpans.NONE;
    try {
      block = spans.allocate(bytes, align);
    } finally {
      if (block == BackedSpans.NONE) {
        ledger.cancel(bytes);
      }
    }
    if (block != BackedSpans.NONE) {
      ledger.imported(bytes);
      admit(block, bytes);
    }
    return block;
  }

  private void admit(long block, long bytes) {
    boolean done = false;
    try {
      regions.ensure(block, pageBytes, false);
      done = true;
    } finally {
      if (!done) { // the host's memory is exhausted
        spans.release(block, bytes);
        ledger.released(bytes);
      }
    }
    long length = bytes / pageBytes;
    count.incrementAndGet();
    pages.addAndGet(length);
    own(regions.page(block), length);
  }

  private void own(int page, long length) {
    regions.link(page, length);
    regions.meta(page, FIRST);
  }

  private void disown(int page) {
    regions.meta(page, 0);
    regions.link(page, 0);
  }

  /**
   * {@return the length of a live block in bytes}
   *
   * @throws allocator.api.MisuseException if none begins at the address
   */
  long bytes(long address) {
    return length(address) * pageBytes;
  }

  private long length(long address) {
    boolean begins = (regions.offset(address) & (pageBytes - 1)) == 0;
    if (!begins || PageMeta.zone(regions.metaOf(address)) != PageMeta.LARGE) {
      throw Faults.foreign(address);
    }
    long length = regions.link(regions.page(address));
    if (length <= 0) {
      throw Faults.foreign(address);
    }
    return length;
  }

  /* The page is nobody's before the address can be imported again. */
  void free(long address) {
    long length = length(address);
    become(address, length, -length);
    int page = regions.page(address);
    disown(page);
    boolean done = false;
    try {
      giveBack(address, length);
      count.decrementAndGet();
      done = true;
    } finally {
      if (!done) {
        own(page, length);
      }
    }
  }

  /** Of several calls that change one block at the same time, one goes on. */
  private void become(long address, long length, long now) {
    int word = regions.word(regions.page(address)) + 1;
    if (!regions.find(address).replace(word, length, now)) {
      throw Faults.foreign(address);
    }
  }

  private void giveBack(long address, long length) {
    long bytes = length * pageBytes;
    spans.release(address, bytes);
    ledger.released(bytes);
    pages.addAndGet(-length);
  }

  /** {@return whether the block has the size now, where it is} */
  boolean resize(long address, long bytes) {
    long length = length(address);
    if (!conceivable(bytes, 1)) {
      return false;
    }
    long now = roundUp(bytes) / pageBytes;
    return now <= length ? shrink(address, length, now) : extend(address, length, now);
  }

  private boolean shrink(long address, long length, long now) {
    become(address, length, now);
    boolean done = now == length;
    try {
      if (!done) {
        giveBack(address + now * pageBytes, length - now);
        done = true;
      }
    } finally {
      if (!done) {
        become(address, now, length);
      }
    }
    return true;
  }

  private boolean extend(long address, long length, long now) {
    long bytes = (now - length) * pageBytes;
    if (!ledger.promise(bytes)) {
      return false;
    }
    boolean got = false;
    try {
      got = spans.extend(address + length * pageBytes, bytes);
    } finally {
      if (!got) {
        ledger.cancel(bytes);
      }
    }
    if (got) {
      lengthen(address, length, now);
    }
    return got;
  }

  private void lengthen(long address, long length, long now) {
    ledger.imported((now - length) * pageBytes);
    pages.addAndGet(now - length);
    boolean done = false;
    try {
      become(address, length, now);
      done = true;
    } finally {
      if (!done) { // the client frees or resizes the block at the same time
        giveBack(address + length * pageBytes, now - length);
      }
    }
    extensions.incrementAndGet();
  }

  long count() {
    return count.get();
  }

  long bytes() {
    return pages.get() * pageBytes;
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
