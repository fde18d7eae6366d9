package heap.slab;

import java.util.Arrays;

/**
 * The table from an address to its page's owner: a root with an entry per region of 1 MiB, as long
 * as the highest address asked for, and a {@link Region} where something was ever imported. Reading
 * takes no lock.
 */
final class Regions {
  /** The lowest address of the window. */
  final long base;

  /** Logarithm to base 2 of a page's bytes. */
  final int pageShift;

  private final int pageMask;
  private final int pagesPerRegion;
  private final Region nowhere; // stands for every region that is not there: nobody's pages
  private volatile Region[] root = new Region[0]; // entries go from nowhere to a region, once

  Regions(long base, int pageBytes) {
    this.base = base;
    this.pageShift = Integer.numberOfTrailingZeros(pageBytes);
    this.pagesPerRegion = Math.max(1, (1 << Region.SHIFT) >>> pageShift);
    this.pageMask = pagesPerRegion - 1;
    this.nowhere = new Region(pagesPerRegion);
    nowhere.admitSlabs();
  }

  long offset(long address) {
    return address - base;
  }

  /** {@return the region of an address; one without owners if there is none} */
  Region find(long address) {
    long index = (address - base) >>> Region.SHIFT;
    Region[] regions = root; // volatile: pairs with the store in ensure
    return index < regions.length ? regions[(int) index] : nowhere;
  }

  /** {@return the index of an address's page in its region} */
  int page(long address) {
    return (int) ((address - base) >>> pageShift) & pageMask;
  }

  short owner(long address) {
    return find(address).owner[page(address)];
  }

  /** {@return whether a live object begins at an address that is part of a slab} */
  boolean isLive(long address) {
    return find(address).isLive(offset(address));
  }

  /** Makes the regions of a range, before any of its pages has an owner. */
  synchronized void ensure(long address, long bytes, boolean slabs) {
    int first = (int) (offset(address) >>> Region.SHIFT);
    int last = (int) (offset(address + bytes - 1) >>> Region.SHIFT);
    Region[] regions = withRoomFor(last);
    for (int i = first; i <= last; i++) {
      if (regions[i] == nowhere) {
        regions[i] = new Region(pagesPerRegion);
      }
      if (slabs) {
        regions[i].admitSlabs();
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

  /** Says whose the pages of a range are. */
  void own(long address, long bytes, short owner, int value) {
    for (long at = address; at != address + bytes; at += 1L << pageShift) {
      Region region = find(at);
      region.value[page(at)] = value;
      region.owner[page(at)] = owner;
    }
  }

  /** Says which extent the pages of a range are part of. */
  void extent(long address, long bytes, int extent) {
    for (long at = address; at != address + bytes; at += 1L << pageShift) {
      find(at).extent[page(at)] = extent;
    }
  }

  /** Receives pages that have an owner. */
  interface PageVisitor {
    /** {@return whether to go on} */
    boolean visit(Region region, int page, long address);
  }

  /** Shows every page that has an owner, in rising order. */
  boolean pages(PageVisitor visitor) {
    Region[] regions = root;
    for (int i = 0; i < regions.length; i++) {
      if (regions[i] != nowhere && !pages(regions[i], (long) i << Region.SHIFT, visitor)) {
        return false;
      }
    }
    return true;
  }

  private boolean pages(Region region, long offset, PageVisitor visitor) {
    for (int page = 0; page < pagesPerRegion; page++) {
      boolean owned = region.owner[page] != Region.NOBODY;
      if (owned && !visitor.visit(region, page, base + offset + ((long) page << pageShift))) {
        return false;
      }
    }
    return true;
  }
}
