package hardware.sim;

import hardware.api.DirectWindow;
import hardware.api.HostMemoryException;
import hardware.api.HostWindow;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;

/**
 * A window whose pages are pages of the RAM file, by the host's own MMU, or scratch memory. Safe
 * for use by several threads.
 */
final class SimHostWindow implements HostWindow {
  private static final int SHIFT = SimMemory.PAGE_SHIFT;
  private static final long SCRATCH = 0; // the frame table holds frame + 1, so that zero means none

  /*
   * Up to 2 MiB the host enters the pages at once: measured for 16 pages that the file has already,
   * 11 us instead of 24 us for the call and a fault for each page; for fresh pages there is no
   * difference. Beyond that a heap may never touch them all.
   */
  private static final long POPULATED = (2L << 20) >> SHIFT;

  private final SimMemory memory;
  private final Reservation space;
  private final Reservation table;
  private final MemorySegment behind; // frame + 1 by page: what the kernel's mappings follow from
  private final DirectWindow window;
  private final Consumer<SimHostWindow> whenClosed;
  private long seams;
  private boolean closed;

  /**
   * Reserves a window.
   *
   * @param memory the RAM
   * @param base the lowest address, a multiple of {@code bytes}
   * @param bytes the length, a power of two, at least a page
   * @param whenClosed told once when the window is closed
   * @throws HostMemoryException if the host refuses
   */
  SimHostWindow(SimMemory memory, long base, long bytes, Consumer<SimHostWindow> whenClosed) {
    this.memory = memory;
    this.whenClosed = whenClosed;
    this.space = Reservation.open(bytes + DirectWindow.SLACK, "a window of an address space");
    this.table = Reservation.open(bytes >>> SHIFT << 3, "the frame table of a window");
    this.behind = table.memory();
    this.window = new DirectWindow(base, bytes, space.memory());
    HostMappings.PROCESS.add(1);
  }

  @Override
  public DirectWindow window() {
    return window;
  }

  @Override
  public synchronized void attach(long address, long frame, long pages) {
    long page = checkedPage(address, pages);
    memory.supply(frame, pages);
    long before = seams(page, pages);
    long first = page == 0 || follows(page - 1, frame + 1) ? 0 : 1;
    long after = first + lastSeam(page, frame, pages);
    HostMappings.PROCESS.add(after - before);
    int populate = pages <= POPULATED ? Libc.MAP_POPULATE : 0;
    long error = cover(page, frame, pages, populate);
    if (error < 0) {
      HostMappings.PROCESS.add(before - after);
      throw refused(address, pages, error);
    }
    for (long i = 0; i < pages; i++) {
      setBehind(page + i, frame + 1 + i);
    }
    seams += after - before;
  }

  @Override
  public synchronized void detach(long address, long pages) {
    long page = checkedPage(address, pages);
    long before = seams(page, pages);
    long end = page + pages;
    long first = page > 0 && behind(page - 1) != SCRATCH ? 1 : 0;
    long after = first + (end < pages() && behind(end) != SCRATCH ? 1 : 0);
    HostMappings.PROCESS.add(after - before);
    long error = space.uncover(page << SHIFT, pages << SHIFT);
    if (error < 0) {
      HostMappings.PROCESS.add(before - after);
      throw refused(address, pages, error);
    }
    for (long i = page; i < end; i++) {
      setBehind(i, SCRATCH);
    }
    seams += after - before;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    HostMappings.PROCESS.add(-1 - seams);
    space.release();
    table.release();
    whenClosed.accept(this);
  }

  /** {@return whether this window and a stretch of addresses have one in common} */
  boolean overlaps(long address, long bytes) {
    return address <= window.base() + (window.size() - 1) && window.base() <= address + (bytes - 1);
  }

  /** {@return the frame behind a page of the window, or -1 if scratch memory is} */
  synchronized long frameBehind(long address) {
    return behind(checkedPage(address, 1)) - 1;
  }

  private long cover(long page, long frame, long pages, int flags) {
    long offset = page << SHIFT;
    return space.cover(offset, pages << SHIFT, memory.descriptor(), frame << SHIFT, flags);
  }

  private long checkedPage(long address, long pages) {
    long offset = address - window.base();
    if (closed) {
      throw new IllegalStateException("the window at 0x%x is closed".formatted(window.base()));
    }
    boolean inside = offset >= 0 && offset < window.size() && pages >= 1;
    if (!inside
        || (offset & (SimMemory.PAGE_BYTES - 1)) != 0
        || pages > pages() - (offset >>> SHIFT)) {
      throw new IllegalArgumentException(
          "%d pages at 0x%x are not pages of the window 0x%x + 0x%x"
              .formatted(pages, address, window.base(), window.size()));
    }
    return offset >>> SHIFT;
  }

  /*
   * The kernel merges neighbouring mappings if the file goes on where the address does, and scratch
   * with scratch. So mappings are one more than seams, a seam being a page that does not continue
   * the one before it. These are the seams from the lower edge of a stretch to its upper edge.
   */
  private long seams(long page, long pages) {
    long found = 0;
    for (long i = Math.max(1, page); i <= Math.min(page + pages, pages() - 1); i++) {
      found += follows(i - 1, behind(i)) ? 0 : 1;
    }
    return found;
  }

  private long lastSeam(long page, long frame, long pages) {
    long end = page + pages;
    return end < pages() && behind(end) != frame + 1 + pages ? 1 : 0;
  }

  private boolean follows(long page, long next) {
    long here = behind(page);
    return next == (here == SCRATCH ? SCRATCH : here + 1);
  }

  private long pages() {
    return window.size() >>> SHIFT;
  }

  private long behind(long page) {
    return behind.getAtIndex(ValueLayout.JAVA_LONG, page);
  }

  private void setBehind(long page, long value) {
    behind.setAtIndex(ValueLayout.JAVA_LONG, page, value);
  }

  private HostMemoryException refused(long address, long pages, long error) {
    return new HostMemoryException(
        "the host refuses to map %d pages at 0x%x (%s; Quarry uses %d mappings): attach larger clusters, or raise vm.max_map_count"
            .formatted(pages, address, Libc.message(error), HostMappings.PROCESS.used()));
  }
}
