package heap.zone;

import hardware.api.Window;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Puts frames behind addresses of one zone: first those it has already, of chunks that lost theirs
 * or never had all of them; then new ones. No lock is held while memory is imported or constructors
 * run: pages off the zone's queue are known to nobody else. Safe for use by several threads.
 */
final class Expander {
  private final ZoneSpace space;
  private final Zone zone;
  private final ChunkGeometry geometry;
  private final Regions regions;
  private final AtomicLong populated = new AtomicLong();
  private final AtomicLong partly = new AtomicLong();

  Expander(ZoneSpace space, Zone zone) {
    this.space = space;
    this.zone = zone;
    this.geometry = zone.shape.geometry();
    this.regions = space.regions;
  }

  /** {@return whether frames were added; false if frames or addresses are exhausted} */
  boolean expand() {
    space.gc.pressure();
    int page = takeVa();
    if (page == PageQueue.NONE && getAddresses()) {
      page = takeVa();
    }
    if (page == PageQueue.NONE) {
      return false;
    }
    boolean done = false;
    try {
      done = fill(page);
    } finally {
      if (!done) {
        zone.lock.enter();
        zone.chunks.putVaBack(page);
        zone.lock.leave();
      }
    }
    return done;
  }

  private int takeVa() {
    zone.lock.enter();
    int page = zone.chunks.takeVa();
    zone.lock.leave();
    return page;
  }

  private boolean getAddresses() {
    int[] chunks = space.addresses.get(zone.shape);
    zone.lock.enter();
    for (int first : chunks) {
      zone.chunks.addVa(first);
    }
    zone.lock.leave();
    return chunks.length > 0;
  }

  private boolean fill(int page) {
    int start = zone.chunks.start(page);
    int first = page - start;
    int got = populate(page, geometry.chunkPages() - start, start);
    if (got == 0) {
      return false;
    }
    boolean done = false;
    try {
      admit(first, start, start + got);
      done = true;
    } finally {
      if (!done) {
        space.depopulate(regions.address(page), got);
      }
    }
    populated.addAndGet(got);
    return true;
  }

  /* Under shortage the pages of the first element will do; the rest waits for its frames. */
  private int populate(int page, int wanted, int start) {
    int least = start == 0 ? geometry.leastPages() : 1;
    if (space.populate(regions.address(page), wanted)) {
      return wanted;
    }
    if (least < wanted && space.populate(regions.address(page), least)) {
      partly.incrementAndGet();
      return least;
    }
    return 0;
  }

  /** Makes the elements of pages with frames and puts them into their chunk. */
  void admit(int first, int start, int end) {
    construct(first, geometry.elemsIn(start), geometry.elemsIn(end));
    boolean outside = start == 0 && !geometry.inline();
    int bitmap = outside ? space.bitmaps.take(Bitmaps.order(geometry.elems())) : 0;
    zone.lock.enter();
    zone.chunks.cram(first, start, end, bitmap);
    zone.lock.leave();
  }

  private void construct(int first, int from, int to) {
    if (!zone.shape.acts()) {
      return;
    }
    int done = from;
    try {
      for (; done < to; done++) {
        zone.shape.constructor().apply(space.window, element(first, done));
      }
    } finally {
      if (done < to) {
        destroy(first, from, done);
      }
    }
  }

  /* Each element gets its turn even if the destructor throws for another. */
  void destroy(int first, int from, int to) {
    if (!zone.shape.acts()) {
      return;
    }
    Window memory = space.window;
    int done = from;
    try {
      for (; done < to; done++) {
        zone.shape.destructor().apply(memory, element(first, done));
      }
    } finally {
      if (done < to) {
        destroy(first, done + 1, to);
      }
    }
  }

  private long element(int first, int index) {
    return regions.address(first) + geometry.offset() + (long) index * geometry.elemSize();
  }

  /** {@return pages that got frames so far} */
  long populated() {
    return populated.get();
  }

  /** {@return chunks that got only some of their frames} */
  long partly() {
    return partly.get();
  }
}
