package kernel.backing;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Which engine holds each page of the heap's window: a small number by page, 0 for none.
 *
 * <p>Two levels, so that a large window costs what is used of it: a directory entry per 512 pages
 * and two bytes per page. Read without a lock: whoever has an address got it from the engine that
 * holds its page, so that the number was written before.
 */
public final class PageOwners {
  /** No engine. */
  public static final int NOBODY = 0;

  /** The largest number of engines that can hold pages at once. */
  public static final int MOST = Character.MAX_VALUE;

  private static final int CHUNK_SHIFT = 9; // the pages of one 2 MiB page table
  private static final int CHUNK_PAGES = 1 << CHUNK_SHIFT;

  private final long base;
  private final int pageShift;
  private final char[][] chunks;
  private final AtomicIntegerArray held = new AtomicIntegerArray(MOST + 1); // pages, by engine

  /**
   * Begins with no page held.
   *
   * @param base the lowest address of the window
   * @param bytes its length
   * @param pageShift logarithm of the page size
   */
  public PageOwners(long base, long bytes, int pageShift) {
    this.base = base;
    this.pageShift = pageShift;
    long pages = (bytes + (1L << pageShift) - 1) >>> pageShift;
    this.chunks = new char[Math.toIntExact((pages + CHUNK_PAGES - 1) >>> CHUNK_SHIFT)][];
  }

  /**
   * {@return who holds the page of an address}
   *
   * @param address any address
   */
  public int of(long address) {
    long page = (address - base) >>> pageShift;
    long chunk = page >>> CHUNK_SHIFT;
    if (Long.compareUnsigned(chunk, chunks.length) >= 0) {
      return NOBODY;
    }
    char[] owners = chunks[(int) chunk];
    return owners == null ? NOBODY : owners[(int) page & (CHUNK_PAGES - 1)];
  }

  /**
   * Notes who holds pages; called by whoever holds them before and after.
   *
   * @param address the first address, in the window
   * @param bytes the length in whole pages
   * @param owner who
   */
  void set(long address, long bytes, int owner) {
    int before = of(address);
    int run = 0;
    long page = (address - base) >>> pageShift;
    for (long end = page + (bytes >>> pageShift); page < end; page++) {
      char[] owners = chunk((int) (page >>> CHUNK_SHIFT));
      int index = (int) page & (CHUNK_PAGES - 1);
      if (owners[index] != before) {
        move(before, owner, run);
        before = owners[index];
        run = 0;
      }
      owners[index] = (char) owner;
      run++;
    }
    move(before, owner, run);
  }

  private void move(int from, int to, int pages) {
    held.addAndGet(from, -pages);
    held.addAndGet(to, pages);
  }

  /** {@return the bytes of the pages that an engine holds} */
  long bytes(int owner) {
    return (long) held.get(owner) << pageShift;
  }

  private char[] chunk(int index) {
    char[] found = chunks[index];
    return found == null ? make(index) : found;
  }

  // Two engines may come upon one chunk at once.
  private synchronized char[] make(int index) {
    if (chunks[index] == null) {
      chunks[index] = new char[CHUNK_PAGES];
    }
    return chunks[index];
  }

  /** {@return whether all pages of a range are held by one} */
  boolean all(long address, long bytes, int owner) {
    for (long at = address; at - address < bytes; at += 1L << pageShift) {
      if (of(at) != owner) {
        return false;
      }
    }
    return true;
  }
}
