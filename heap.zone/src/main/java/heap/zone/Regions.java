package heap.zone;

import java.util.Arrays;

/**
 * The table from an address to its page's metadata: a root with an entry per region of 4 MiB, as
 * long as the highest address asked for, and a {@link Region} where something was ever held.
 * Reading takes no lock. Pages are numbered from the window's base.
 */
final class Regions {
  /** The lowest address of the window. */
  final long base;

  /** Logarithm to base 2 of a page's bytes. */
  final int pageShift;

  private final int pageMask;
  private final int regionShift; // from page number to region
  private final Region nowhere; // stands for every region that is not there: nobody's pages
  private volatile Region[] root = new Region[0]; // entries go from nowhere to a region, once

  Regions(long base, int pageBytes) {
    this.base = base;
    this.pageShift = Integer.numberOfTrailingZeros(pageBytes);
    this.regionShift = Region.SHIFT - pageShift;
    this.pageMask = (1 << regionShift) - 1;
    this.nowhere = new Region(1 << regionShift);
    nowhere.admitZones();
  }

  long offset(long address) {
    return address - base;
  }

  /** {@return the region of an address; one of nobody's pages if there is none} */
  Region find(long address) {
    long index = (address - base) >>> Region.SHIFT;
    Region[] regions = root; // volatile: pairs with the store in ensure
    return index < regions.length ? regions[(int) index] : nowhere;
  }

  /** {@return the number of an address's page} */
  int page(long address) {
    return (int) ((address - base) >>> pageShift);
  }

  long address(int page) {
    return base + ((long) page << pageShift);
  }

  /** {@return the index of a page's first word in its region} */
  int word(int page) {
    return (page & pageMask) << 1;
  }

  private Region ofPage(int page) {
    return root[page >>> regionShift];
  }

  /** {@return the words of the region of a page that is held; its own begin at {@link #word}} */
  long[] words(int page) {
    return ofPage(page).meta;
  }

  /** {@return the first word of the page of any address} */
  long metaOf(long address) {
    return find(address).meta[word(page(address))];
  }

  /** {@return the first word of a page that is held} */
  long meta(int page) {
    return ofPage(page).meta[word(page)];
  }

  void meta(int page, long value) {
    ofPage(page).meta[word(page)] = value;
  }

  /** {@return the second word of a page that is held} */
  long link(int page) {
    return ofPage(page).meta[word(page) + 1];
  }

  void link(int page, long value) {
    ofPage(page).meta[word(page) + 1] = value;
  }

  /** {@return whether a live element of a zone begins at an address} */
  boolean isLive(long address) {
    return find(address).isLive(offset(address));
  }

  /** Makes the regions of a range, before any of its pages is somebody's. */
  synchronized void ensure(long address, long bytes, boolean zones) {
    int first = (int) (offset(address) >>> Region.SHIFT);
    int last = (int) (offset(address + bytes - 1) >>> Region.SHIFT);
    Region[] regions = withRoomFor(last);
    for (int i = first; i <= last; i++) {
      if (regions[i] == nowhere) {
        regions[i] = new Region(1 << regionShift);
      }
      if (zones) {
        regions[i].admitZones();
      }
    }
    root = regions; // volatile: pairs with the load in find
  }

  private Region[] withRoomFor(int index) {
    Region[] now = root;
    if (index < now.length) {
      return now;
    }
    Region[] next = Arrays.copyOf(now, Math.max(index + 1, now.length + now.length / 2));
    Arrays.fill(next, now.length, next.length, nowhere);
    return next;
  }

  /** Receives pages that are somebody's. */
  interface PageVisitor {
    /** {@return whether to go on} */
    boolean visit(Region region, int page, long meta);
  }

  /** Shows every page that is somebody's, in rising order. */
  boolean pages(PageVisitor visitor) {
    Region[] regions = root;
    for (int i = 0; i < regions.length; i++) {
      if (regions[i] != nowhere && !pages(regions[i], i << regionShift, visitor)) {
        return false;
      }
    }
    return true;
  }

  private boolean pages(Region region, int first, PageVisitor visitor) {
    for (int i = 0; i <= pageMask; i++) {
      long meta = region.meta[2 * i];
      if (PageMeta.zone(meta) != PageMeta.NOBODY && !visitor.visit(region, first + i, meta)) {
        return false;
      }
    }
    return true;
  }
}
