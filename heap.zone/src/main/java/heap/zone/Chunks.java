package heap.zone;

import allocator.api.CorruptionException;

/**
 * The chunks of one zone: which of its pages have frames, and which elements are free in them.
 * Every method is called under the lock of the zone.
 */
final class Chunks {
  final PageQueue empty; // chunks of which no element is allocated
  final PageQueue partial;
  final PageQueue full;
  final PageQueue va; // chunks without frames, and the rest of those that have some

  private final Regions regions;
  private final Bitmaps bitmaps;
  private final ChunkGeometry geometry;
  private final int zone;
  private final boolean inline;
  private final int words; // of a bitmap that is not inline
  private final long quotient; // so that a division is a multiplication and a shift

  private long elemsFree;
  private long elemsAvail;
  private long freeLeast; // since the last period
  private long wired; // pages with frames
  private long wiredMost;
  private long wiredEmpty;
  private long vaPages;
  private int rotor; // the element found last

  Chunks(ZoneShape shape, Regions regions, Bitmaps bitmaps) {
    this.regions = regions;
    this.bitmaps = bitmaps;
    this.geometry = shape.geometry();
    this.zone = shape.id();
    this.inline = geometry.inline();
    this.words = 1 << Bitmaps.order(geometry.elems());
    this.quotient = 0xffff_ffffL / geometry.elemSize() + 1;
    this.empty = new PageQueue(regions);
    this.partial = new PageQueue(regions);
    this.full = new PageQueue(regions);
    this.va = new PageQueue(regions);
  }

  // ---------------------------------------------------------------------------------------- hot

  /** {@return a free element, from a chunk in use if there is one; 0 if there is none} */
  long take() {
    int first = partial.head();
    if (first == PageQueue.NONE) {
      first = empty.head();
      if (first == PageQueue.NONE) {
        return 0;
      }
    }
    long[] meta = regions.words(first);
    int at = regions.word(first);
    // From behind the one found last, so that what was freed just now does not come back at once.
    int index =
        inline ? takeInline(first, PageMeta.length(meta[at])) : takeOutside(PageMeta.map(meta[at]));
    rotor = index;
    long word = meta[at] + PageMeta.ONE;
    meta[at] = word;
    requeueTaken(first, word);
    freeLeast = Math.min(freeLeast, --elemsFree);
    return regions.address(first) + geometry.offset() + (long) index * geometry.elemSize();
  }

  private void requeueTaken(int first, long word) {
    int count = PageMeta.count(word);
    boolean was = count == 1 && !PageMeta.locked(word);
    boolean filled = count == elemsIn(word);
    if (was || filled) {
      (was ? empty : partial).remove(first);
      (filled ? full : partial).push(first);
      wiredEmpty -= was ? PageMeta.length(word) : 0;
    }
  }

  private int elemsIn(long word) {
    int length = PageMeta.length(word);
    return length == geometry.chunkPages() ? geometry.elems() : geometry.elemsIn(length);
  }

  private int takeInline(int first, int pages) {
    int from = rotor + 1;
    int i = from >>> 5;
    int map = i < pages ? PageMeta.map(regions.meta(first + i)) & -1 << from : 0;
    for (int left = pages; map == 0; left--) {
      requireFound(left, first);
      i = i + 1 >= pages ? 0 : i + 1;
      map = PageMeta.map(regions.meta(first + i));
    }
    int bit = Integer.numberOfTrailingZeros(map);
    long meta = regions.meta(first + i);
    regions.meta(first + i, PageMeta.withMap(meta, PageMeta.map(meta) & ~(1 << bit)));
    return i * Integer.SIZE + bit;
  }

  private int takeOutside(int bitmap) {
    long[] map = bitmaps.words(bitmap);
    int start = Bitmaps.start(bitmap);
    int from = rotor + 1;
    int i = from >>> 6;
    long bits = i < words ? map[start + i] & -1L << from : 0;
    for (int left = words; bits == 0; left--) {
      requireFound(left, bitmap);
      i = i + 1 >= words ? 0 : i + 1;
      bits = map[start + i];
    }
    map[start + i] ^= Long.lowestOneBit(bits);
    return i * Long.SIZE + Long.numberOfTrailingZeros(bits);
  }

  private void requireFound(int left, int place) {
    if (left < 0) {
      throw new CorruptionException(
          "heap.zone: zone %d: a chunk counts free elements, its bitmap at %d has none"
              .formatted(zone, place));
    }
  }

  /** Takes an element back that {@link #take} gave. */
  void give(long address) {
    int first = regions.page(address);
    long[] meta = regions.words(first);
    int at = regions.word(first);
    if (PageMeta.length(meta[at]) == PageMeta.SECONDARY) {
      first -= PageMeta.count(meta[at]);
      meta = regions.words(first);
      at = regions.word(first);
    }
    setBit(first, meta[at], index(first, address));
    long word = meta[at] - PageMeta.ONE;
    meta[at] = word;
    int count = PageMeta.count(word);
    boolean now = count == 0 && !PageMeta.locked(word);
    boolean was = count + 1 == elemsIn(word);
    if (now || was) {
      (was ? full : partial).remove(first);
      (now ? empty : partial).push(first);
      wiredEmpty += now ? PageMeta.length(word) : 0;
    }
    elemsFree++;
  }

  /** {@return the first page of the chunk that an address lies in} */
  int first(long address) {
    int page = regions.page(address);
    long meta = regions.meta(page);
    return PageMeta.length(meta) == PageMeta.SECONDARY ? page - PageMeta.count(meta) : page;
  }

  private int index(int first, long address) {
    long offset = address - regions.address(first) - geometry.offset();
    return (int) (offset * quotient >>> 32);
  }

  private void setBit(int first, long meta, int index) {
    if (inline) {
      int page = first + (index >>> 5);
      long word = regions.meta(page);
      requireTaken((PageMeta.map(word) >>> index & 1) == 0, first, index);
      regions.meta(page, PageMeta.withMap(word, PageMeta.map(word) | 1 << index));
    } else {
      long[] map = bitmaps.words(PageMeta.map(meta));
      int at = Bitmaps.start(PageMeta.map(meta)) + (index >>> 6);
      requireTaken((map[at] >>> index & 1) == 0, first, index);
      map[at] |= 1L << index;
    }
  }

  private void requireTaken(boolean taken, int first, int index) {
    if (!taken) {
      throw new CorruptionException(
          "heap.zone: zone %d: element %d of the chunk at 0x%x is free already"
              .formatted(zone, index, regions.address(first)));
    }
  }

  /** {@return the element that was found last, within its chunk} */
  int rotor() {
    return rotor;
  }

  /** {@return how many elements of a chunk have frames} */
  int elems(int first) {
    return elemsIn(regions.meta(first));
  }

  /** {@return whether an element is free here, neither live nor cached} */
  boolean isFree(int first, int index) {
    return inline
        ? (PageMeta.map(regions.meta(first + (index >>> 5))) >>> index & 1) != 0
        : (bitmaps.word(PageMeta.map(regions.meta(first)), index >>> 6) >>> index & 1) != 0;
  }

  // ------------------------------------------------------------------------- growing and shrinking

  /** Adds addresses without frames: a chunk's worth, known by its first page. */
  void addVa(int first) {
    va.push(first);
    vaPages += geometry.chunkPages();
  }

  /** Takes over the addresses of a zone that was destroyed. */
  void inherit(Chunks former) {
    va.inherit(former.va);
    vaPages = former.vaPages;
    wiredMost = former.wiredMost;
    former.vaPages = 0;
  }

  /** Forgets the addresses of a chunk that was {@link #detach detached}. */
  void forgetVa() {
    vaPages -= geometry.chunkPages();
  }

  /**
   * {@return the first page that is to get a frame next, now off the queue, or {@link
   * PageQueue#NONE}; a chunk that has some frames cannot become empty meanwhile}
   */
  int takeVa() {
    int page = va.head();
    if (page != PageQueue.NONE) {
      va.remove(page);
      int start = start(page);
      if (start > 0) {
        lockIn(page - start);
      }
    }
    return page;
  }

  /** {@return how many pages of its chunk before this one have frames} */
  int start(int page) {
    long meta = regions.meta(page);
    return PageMeta.length(meta) == PageMeta.SECONDARY ? PageMeta.count(meta) : 0;
  }

  private void lockIn(int first) {
    long meta = regions.meta(first);
    regions.meta(first, PageMeta.withLock(meta, true));
    if (PageMeta.count(meta) == 0) {
      empty.remove(first);
      partial.push(first);
      wiredEmpty -= PageMeta.length(meta);
    }
  }

  private void unlock(int first) {
    long meta = PageMeta.withLock(regions.meta(first), false);
    regions.meta(first, meta);
    if (PageMeta.count(meta) == 0) {
      partial.remove(first);
      empty.push(first);
      wiredEmpty += PageMeta.length(meta);
    }
  }

  /** Puts a page back that {@link #takeVa} gave and that got no frame. */
  void putVaBack(int page) {
    int start = start(page);
    if (start > 0) {
      unlock(page - start);
    }
    va.push(page);
  }

  /**
   * Puts pages that have frames now into their chunk, all elements free.
   *
   * @param first first page of the chunk
   * @param start pages of it that had frames before
   * @param end pages that have frames now
   * @param bitmap the bitmap of a new chunk, unless it is inline
   */
  void cram(int first, int start, int end, int bitmap) {
    long before = regions.meta(first);
    if (start == 0) {
      boolean guarded = PageMeta.guarded(before);
      regions.meta(first, PageMeta.word(zone, guarded, inline, end, 0, bitmap));
    } else {
      queueOf(before).remove(first);
      regions.meta(first, PageMeta.withLock(PageMeta.withLength(before, end), false));
    }
    for (int i = geometry.elemsIn(start); i < geometry.elemsIn(end); i++) {
      setBit(first, regions.meta(first), i);
    }
    admit(first, start, end);
  }

  private PageQueue queueOf(long meta) {
    int count = PageMeta.count(meta);
    if (count == 0 && !PageMeta.locked(meta)) {
      return empty;
    }
    return count == geometry.elemsIn(PageMeta.length(meta)) ? full : partial;
  }

  private void admit(int first, int start, int end) {
    long meta = regions.meta(first);
    PageQueue queue = queueOf(meta);
    queue.push(first);
    wiredEmpty += queue == empty ? end : 0;
    if (end < geometry.chunkPages()) {
      va.push(first + end);
    }
    elemsFree += geometry.elemsIn(end) - geometry.elemsIn(start);
    elemsAvail += geometry.elemsIn(end) - geometry.elemsIn(start);
    wired += end - start;
    wiredMost = Math.max(wiredMost, wired);
  }

  /**
   * Takes a chunk out of which no element is allocated.
   *
   * @param elemsKept free elements that have to be left
   * @param mostPages the most pages to take
   * @return its first page, with the length not yet changed, or {@link PageQueue#NONE}
   */
  int detach(long elemsKept, long mostPages) {
    int first = empty.head();
    if (first == PageQueue.NONE) {
      return first;
    }
    int pages = PageMeta.length(regions.meta(first));
    int elems = geometry.elemsIn(pages);
    if (elemsFree - elems < elemsKept || pages > mostPages) {
      return PageQueue.NONE;
    }
    empty.remove(first);
    if (pages < geometry.chunkPages()) {
      va.remove(first + pages);
    }
    elemsFree -= elems;
    elemsAvail -= elems;
    freeLeast = Math.max(0, freeLeast - elems);
    wired -= pages;
    wiredEmpty -= pages;
    return first;
  }

  /** Says that a detached chunk has no frames any more. */
  void emptied(int first) {
    boolean guarded = PageMeta.guarded(regions.meta(first));
    regions.meta(first, PageMeta.word(zone, guarded, false, 0, 0, 0));
    for (int i = 1; i < geometry.chunkPages(); i++) {
      regions.meta(first + i, PageMeta.withMap(regions.meta(first + i), 0));
    }
  }

  // -------------------------------------------------------------------------------------- figures

  /** Begins a period: {@return the least number of free elements in the last one} */
  long endPeriod() {
    long least = freeLeast;
    freeLeast = elemsFree;
    return least;
  }

  long freeLeast() {
    return freeLeast;
  }

  long elemsFree() {
    return elemsFree;
  }

  long elemsAvail() {
    return elemsAvail;
  }

  long wired() {
    return wired;
  }

  long wiredMost() {
    return wiredMost;
  }

  long wiredEmpty() {
    return wiredEmpty;
  }

  long vaPages() {
    return vaPages;
  }
}
