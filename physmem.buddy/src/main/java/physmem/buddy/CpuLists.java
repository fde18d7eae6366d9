package physmem.buddy;

import static physmem.buddy.Geometry.BLOCK_ORDER;
import static physmem.buddy.Geometry.COSTLY_ORDER;
import static physmem.buddy.Geometry.NONE;
import static physmem.buddy.Geometry.TYPES;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One CPU's stock of one zone's free frames: a list per migrate type for orders 0 to 3 and for
 * order 9, after {@code struct per_cpu_pages} of Linux 6.1.
 *
 * <p>A word that is only ever tried guards it: who does not get it goes to the zone. So two threads
 * that carry the same CPU index do no harm, and whoever finds the zones empty can send other CPUs'
 * stock home. Every other method is called by who holds the word.
 */
final class CpuLists extends CpuListsPadding {
  /** The slot of an order that has no list. */
  static final int NO_SLOT = -1;

  private static final VarHandle HELD;
  private static final int SLOTS = COSTLY_ORDER + 2; // orders 0 to 3, and 9
  private static final int LEAST_REFILL = 2; // blocks, above order 0

  static {
    try {
      HELD = MethodHandles.lookup().findVarHandle(CpuLists.class, "held", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Zone zone;
  private final FrameRing[] rings = new FrameRing[SLOTS * TYPES];

  @SuppressWarnings("unused") // through HELD
  private int held;

  private int count; // frames
  private int batch;
  private int high;
  private int freeFactor; // how often in a row some were given back: doubles the batch
  private long taken;
  private long given;

  CpuLists(Zone zone) {
    this.zone = zone;
    for (int i = 0; i < rings.length; i++) {
      rings[i] = new FrameRing();
    }
  }

  /** {@return the slot of an order, or {@link #NO_SLOT}} */
  static int slot(int order) {
    if (order <= COSTLY_ORDER) {
      return order;
    }
    return order == BLOCK_ORDER ? COSTLY_ORDER + 1 : NO_SLOT;
  }

  static int orderOf(int ring) {
    int slot = ring / TYPES;
    return slot <= COSTLY_ORDER ? slot : BLOCK_ORDER;
  }

  /** Tries to take hold; the acquire pairs with the release in {@link #leave}. */
  boolean enter() {
    return HELD.compareAndSet(this, 0, 1);
  }

  /** Takes hold; others hold it only for the length of a call. */
  void await() {
    while (!enter()) {
      Thread.onSpinWait();
    }
  }

  void leave() {
    HELD.setRelease(this, 0);
  }

  void resize(int batch, int high) {
    this.batch = batch;
    this.high = high;
  }

  int count() {
    return count;
  }

  int batch() {
    return batch;
  }

  int high() {
    return high;
  }

  long taken() {
    return taken;
  }

  long given() {
    return given;
  }

  long bytes() {
    long sum = 0;
    for (FrameRing ring : rings) {
      sum += ring.bytes();
    }
    return sum;
  }

  int rings() {
    return rings.length;
  }

  FrameRing ring(int index) {
    return rings[index];
  }

  /** {@return the hottest block of an order and type, after a refill if need be, or NONE} */
  long take(int slot, int order, int type, boolean wholeOnly) {
    FrameRing ring = rings[slot * TYPES + type];
    if (ring.size() == 0 && !refill(ring, order, type, wholeOnly)) {
      return NONE;
    }
    freeFactor >>= 1;
    taken++;
    count -= 1 << order;
    return ring.popTop();
  }

  private boolean refill(FrameRing ring, int order, int type, boolean wholeOnly) {
    int wanted = order == 0 || batch == 1 ? batch : Math.max(batch >> order, LEAST_REFILL);
    int got = zone.refill(ring, order, type, wanted, wholeOnly);
    count += got << order;
    return got != 0;
  }

  /** Takes a block in, and gives some back to the zone if these are too many now. */
  void give(int slot, long frame, int order, int type) {
    int index = slot * TYPES + type;
    rings[index].pushTop(frame);
    given++;
    count += 1 << order;
    boolean all = freeFactor != 0 && order != 0 && order <= COSTLY_ORDER;
    if (all || count >= high) {
      giveBack(all ? count : surplus(), index);
    }
  }

  /** {@return how many frames to give back: a batch, twice as many each time in a row} */
  private int surplus() {
    if (high < batch) {
      return 1;
    }
    int most = high - batch;
    int wanted = batch << Math.min(freeFactor, Integer.SIZE / 2);
    if (wanted < most) {
      freeFactor++;
    }
    return Math.clamp(wanted, Math.min(batch, most), most);
  }

  /** Gives frames back, coldest first, beginning with one list and going around. */
  private void giveBack(int frames, int firstRing) {
    zone.lock().lock();
    try {
      int left = Math.min(frames, count);
      for (int ring = firstRing; left > 0; ring = (ring + 1) % rings.length) {
        left -= releaseFrom(ring, left);
      }
    } finally {
      zone.lock().unlock();
    }
  }

  /* Neighbours go home together: the same blocks come of it with fewer steps. */
  private int releaseFrom(int ring, int frames) {
    int order = orderOf(ring);
    long size = 1L << order;
    int released = 0;
    long from = 0;
    long to = 0;
    while (released < frames && rings[ring].size() != 0) {
      long frame = rings[ring].popBottom();
      released += 1 << order;
      if (frame == to) {
        to += size;
      } else if (frame + size == from) {
        from = frame;
      } else {
        zone.releaseRunLocked(from, to, size);
        from = frame;
        to = frame + size;
      }
    }
    zone.releaseRunLocked(from, to, size);
    count -= released;
    return released;
  }

  /** Gives everything back. */
  void drain() {
    if (count != 0) {
      giveBack(count, 0);
    }
    freeFactor = 0;
  }
}
