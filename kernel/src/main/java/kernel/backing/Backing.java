package kernel.backing;

import allocator.api.CorruptionException;
import allocator.api.MisuseException;
import hardware.api.AddressSpace;
import hardware.api.HostMemoryException;
import hardware.api.HostWindow;
import hardware.api.PageFlags;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;

/**
 * Puts frames behind the pages of one window and takes them away again.
 *
 * <p>Not safe for use by several threads; {@link HeapSpans} holds its lock around each call.
 */
final class Backing {
  /*
   * 1. Clusters. A heap grows by single pages, but a frame block of one page each time would cost a
   * host mapping each time (microseconds, and one of the host's 65,530 mappings). So frames come in
   * clusters: a naturally aligned group of 2^order pages is backed by one block of 2^order frames,
   * attached to the host window in one piece. Page-table entries are written only for the pages that
   * were asked for, so the tables say exactly what is imported; the rest of the block waits.
   *
   * 2. Scattered clusters. When physmem has no block of that order left, the pages of a cluster get
   * single frames, each attached by itself. Nothing fails as long as one frame is free.
   *
   * 3. Lazy unmapping. Releasing pages clears their entries at once. The TLB may still hold them, so
   * the frames must not go home before a flush, and a flush is expensive. Emptied clusters are kept
   * on a list until enough pages wait (Linux vmalloc waits for 32 MiB per log2 of CPUs), then one
   * flush covers the union of their addresses, the host window lets go, and the frames go home. A
   * cluster that is populated again before that keeps its block: address and frame are the same, so
   * a stale entry would say the truth (but for the dirty bit: a write through a stale dirty entry
   * does not set it again).
   *
   * 4. Shortage. When a request fails, what it had got and everything that waits is sent home, and it
   * is tried once more with single frames, so that a block behind a few pages does not take what the
   * page tables need. A request that fails for good, or for an exception half-way, leaves no page
   * mapped; its frames wait like any others.
   *
   * 5. What was not done: no huge leaves for clusters of 2 MiB, since heaps grow by less; no
   * pre-population ahead of growth, since the figures would no longer be the heap's own.
   *
   * References: Linux mm/vmalloc.c (lazy_max_pages); Bonwick and Adams, USENIX 2001 (import).
   */

  private static final int SINGLE = 0; // the order of one frame

  private final AddressSpace space;
  private final HostWindow window;
  private final FrameMeter frames;
  private final int pageShift;
  private final int order;
  private final int clusterPages;
  private final long lazyPages;
  private final ClusterTable clusters = new ClusterTable();

  private final WaitingList waiting = new WaitingList();
  private long waitingPages;
  private long mapped;
  private long held;
  private long purges;
  private long refusals;
  private long scattered;

  Backing(AddressSpace space, HostWindow window, FrameMeter frames, BackingPolicy policy) {
    this.space = space;
    this.window = window;
    this.frames = frames;
    this.pageShift = policy.pageShift();
    this.order = policy.clusterOrder();
    this.clusterPages = 1 << order;
    this.lazyPages = policy.lazyPages();
  }

  /**
   * Maps pages that are not mapped.
   *
   * @return true if all are mapped now; false if frames are exhausted, with none of them mapped
   * @throws MisuseException if one of them is mapped already; nothing has changed then
   * @throws HostMemoryException if the host has no memory for them; none of them is mapped then
   */
  boolean populate(long address, long pages) {
    requireUnmapped(address, pages);
    return tryPopulate(address, pages, order)
        || (purge() > 0 && tryPopulate(address, pages, SINGLE));
  }

  private void requireUnmapped(long address, long pages) {
    for (long done = 0; done < pages; ) {
      long at = address + (done << pageShift);
      int count = inCluster(at, pages - done);
      int index = clusters.find(cluster(at));
      if (index >= 0 && (clusters.mask(index) & mask(first(at), count)) != 0) {
        throw new MisuseException(
            "0x%x + %d pages: some of them have frames already".formatted(address, pages));
      }
      done += count;
    }
  }

  /** {@return whether the page of an address is mapped} */
  boolean isMapped(long address) {
    int index = clusters.find(cluster(address));
    return index >= 0 && (clusters.mask(index) & mask(first(address), 1)) != 0;
  }

  private boolean tryPopulate(long address, long pages, int blockOrder) {
    boolean complete = false;
    try {
      complete = populateAll(address, pages, blockOrder);
      return complete;
    } finally {
      if (!complete) {
        unmap(address, pages); // all of them were unmapped before, so what is mapped is ours
      }
    }
  }

  private boolean populateAll(long address, long pages, int blockOrder) {
    for (long done = 0; done < pages; ) {
      long at = address + (done << pageShift);
      int count = inCluster(at, pages - done);
      if (!populateCluster(at, count, blockOrder)) {
        return false;
      }
      done += count;
    }
    return true;
  }

  /** Unmaps the pages of a range that are mapped. */
  void depopulate(long address, long pages) {
    unmap(address, pages);
    if (waitingPages > lazyPages) {
      purgeIfHostAllows();
    }
  }

  // A release has happened when the entries are clear; that the host cannot split a mapping now is
  // no reason to refuse it. The frames go on waiting for the next flush, and the refusal is
  // counted.
  private void purgeIfHostAllows() {
    try {
      purge();
    } catch (HostMemoryException e) {
      refusals++;
    }
  }

  private void unmap(long address, long pages) {
    for (long done = 0; done < pages; ) {
      long at = address + (done << pageShift);
      int count = inCluster(at, pages - done);
      depopulateCluster(at, count);
      done += count;
    }
  }

  // How many of the pages from an address on lie in its cluster.
  private int inCluster(long address, long pages) {
    return (int) Math.min(pages, clusterPages - first(address));
  }

  private int first(long address) {
    return (int) (address >>> pageShift) & (clusterPages - 1);
  }

  private long cluster(long address) {
    return address >> (pageShift + order);
  }

  private long address(long cluster) {
    return cluster << (pageShift + order);
  }

  private static long mask(int first, int count) {
    return (count == Long.SIZE ? -1L : (1L << count) - 1) << first;
  }

  private boolean populateCluster(long address, int count, int blockOrder) {
    int index = clusters.find(cluster(address));
    if (index < 0) {
      index = addCluster(address, blockOrder);
    }
    return clusters.frame(index) == ClusterTable.SCATTERED
        ? mapScattered(index, address, count)
        : mapPages(index, address, clusters.frame(index) + first(address), count);
  }

  private int addCluster(long address, int blockOrder) {
    long frame = blockOrder == order ? takeFrames(order) : FrameEngine.NONE;
    if (frame == FrameEngine.NONE) {
      scattered++;
      return clusters.add(cluster(address), ClusterTable.SCATTERED, clusterPages);
    }
    attach(address(cluster(address)), frame, order);
    return clusters.add(cluster(address), frame, clusterPages);
  }

  private void attach(long address, long frame, int blockOrder) {
    try {
      window.attach(address, frame, 1L << blockOrder);
      held += 1L << blockOrder;
    } catch (RuntimeException e) {
      frames.giveBacking(frame, blockOrder);
      throw e;
    }
  }

  private long takeFrames(int blockOrder) {
    return frames.takeBacking(blockOrder, FrameFlags.UNMOVABLE);
  }

  private boolean mapPages(int index, long address, long frame, int count) {
    if (!space.map(address, frame, count, PageFlags.KERNEL_DATA)) {
      return false;
    }
    clusters.mask(index, clusters.mask(index) | mask(first(address), count));
    mapped += count;
    return true;
  }

  private boolean mapScattered(int index, long address, int count) {
    for (int i = 0; i < count; i++) {
      long at = address + ((long) i << pageShift);
      if (!fillPage(index, at) || !mapPages(index, at, clusters.pages(index)[first(at)], 1)) {
        return false;
      }
    }
    return true;
  }

  private boolean fillPage(int index, long address) {
    long[] pages = clusters.pages(index);
    if (pages[first(address)] == FrameEngine.NONE) {
      long frame = takeFrames(SINGLE);
      if (frame == FrameEngine.NONE) {
        return false;
      }
      attach(address, frame, SINGLE);
      pages[first(address)] = frame;
    }
    return true;
  }

  private void depopulateCluster(long address, int count) {
    int index = clusters.find(cluster(address));
    if (index < 0) {
      return;
    }
    long bits = clusters.mask(index) & mask(first(address), count);
    if (bits != 0) {
      long gone = space.unmap(address, count, (va, frame, pages, entry) -> {});
      clusters.mask(index, clusters.mask(index) & ~bits);
      mapped -= gone;
      waitingPages += gone;
    }
    if (bits != 0 || clusters.mask(index) == 0) {
      await(index);
    }
  }

  // Puts a cluster on the list of those that a flush may set free, wholly or in part.
  private void await(int index) {
    if (clusters.waiting(index)) {
      return;
    }
    clusters.waiting(index, true);
    waiting.add(clusters.cluster(index));
  }

  /**
   * Flushes and sends home what waits.
   *
   * @return the number of frames that went home
   * @throws HostMemoryException if the host could not split a mapping to let go of some; those wait
   *     on, the others went home
   */
  long purge() {
    if (waiting.isEmpty()) {
      return 0;
    }
    purges++;
    space.invalidate(address(waiting.lowest()), waiting.span() << order);
    long before = held;
    waitingPages = 0;
    HostMemoryException refusal = null;
    for (long cluster : waiting.takeAll()) {
      try {
        settle(clusters.find(cluster));
      } catch (HostMemoryException e) {
        await(clusters.find(cluster));
        refusal = refusal == null ? e : refusal;
      }
    }
    if (refusal != null) {
      throw refusal;
    }
    return before - held;
  }

  private void settle(int index) {
    clusters.waiting(index, false);
    if (clusters.frame(index) == ClusterTable.SCATTERED) {
      settleScattered(index);
    } else if (clusters.mask(index) == 0) {
      window.detach(address(clusters.cluster(index)), clusterPages);
      giveBack(clusters.frame(index), order);
      clusters.remove(index);
    }
  }

  private void settleScattered(int index) {
    long[] pages = clusters.pages(index);
    for (int i = 0; i < clusterPages; i++) {
      if (pages[i] != FrameEngine.NONE && (clusters.mask(index) >>> i & 1) == 0) {
        window.detach(address(clusters.cluster(index)) + ((long) i << pageShift), 1);
        giveBack(pages[i], SINGLE);
        pages[i] = FrameEngine.NONE;
      }
    }
    if (clusters.mask(index) == 0) {
      clusters.remove(index);
    }
  }

  private void giveBack(long frame, int blockOrder) {
    frames.giveBacking(frame, blockOrder);
    held -= 1L << blockOrder;
  }

  /** {@return the number of frames held, mapped or not} */
  long heldFrames() {
    return held;
  }

  /** {@return the number of pages mapped} */
  long mappedPages() {
    return mapped;
  }

  /** {@return the pages released since the last flush, also those that were mapped again since} */
  long waitingPages() {
    return waitingPages;
  }

  /** {@return the number of flushes made for released pages} */
  long purges() {
    return purges;
  }

  /** {@return how often the host refused to let go of released pages, which then wait on} */
  long refusals() {
    return refusals;
  }

  /** {@return the number of clusters that had to do without a block of their own} */
  long scatteredClusters() {
    return scattered;
  }

  /**
   * Compares the clusters with the page tables and with the frames taken.
   *
   * @return the number of pages compared
   * @throws CorruptionException if they disagree
   */
  long checkInvariants() {
    long[] seen = {0, 0};
    clusters.forEach(index -> {
      for (int i = 0; i < clusterPages; i++) {
        long frame = frameAt(index, i);
        seen[1] += frame == FrameEngine.NONE ? 0 : 1;
        seen[0] += checkPage(index, i, frame) ? 1 : 0;
      }
    });
    if (seen[0] != mapped || seen[1] != held) {
      throw new CorruptionException(
          "backing: %d pages mapped and %d frames held, counted %d and %d"
              .formatted(mapped, held, seen[0], seen[1]));
    }
    return (long) clusters.size() * clusterPages;
  }

  private long frameAt(int index, int page) {
    long frame = clusters.frame(index);
    return frame == ClusterTable.SCATTERED ? clusters.pages(index)[page] : frame + page;
  }

  private boolean checkPage(int index, int page, long frame) {
    long at = address(clusters.cluster(index)) + ((long) page << pageShift);
    boolean wanted = (clusters.mask(index) >>> page & 1) != 0;
    long translated = space.translate(at);
    long expected = wanted ? frame << pageShift : AddressSpace.UNMAPPED;
    if (translated != expected) {
      throw new CorruptionException(
          "backing: 0x%x translates to 0x%x, expected 0x%x".formatted(at, translated, expected));
    }
    return wanted;
  }
}
