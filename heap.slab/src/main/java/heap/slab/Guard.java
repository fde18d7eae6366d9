package heap.slab;

import hardware.api.Window;
import java.util.function.LongFunction;

/**
 * Finds writes to free objects and writes past the end of objects, with the byte values of Linux's
 * {@code slub_debug}: free objects are filled with 0x6b and end in 0xa5; eight bytes behind each
 * object are 0xbb while it is free and 0xcc while it is live. Safe for use by several threads, each
 * with objects of its own.
 */
final class Guard {
  private static final long POISON = 0x6b6b_6b6b_6b6b_6b6bL;
  private static final long POISON_END = 0xa56b_6b6b_6b6b_6b6bL;
  private static final long ZONE_FREE = 0xbbbb_bbbb_bbbb_bbbbL;
  private static final long ZONE_LIVE = 0xcccc_cccc_cccc_ccccL;

  /** Bytes of a red zone. */
  static final int ZONE = Long.BYTES;

  private final Window window;
  private final LongFunction<String> history;
  private final long bytes; // of an object, without its zone
  private final boolean poison;
  private final boolean zone;

  Guard(Window window, long bytes, boolean poison, boolean zone, LongFunction<String> history) {
    this.window = window;
    this.history = history;
    this.bytes = bytes;
    this.poison = poison;
    this.zone = zone;
  }

  /** {@return whether there is anything to do} */
  boolean isOn() {
    return poison || zone;
  }

  /** Marks an object as free. */
  void bury(long object) {
    for (long i = 0; poison && i < bytes; i += Long.BYTES) {
      window.putLong(object + i, poisonAt(i));
    }
    if (zone) {
      window.putLong(object + bytes, ZONE_FREE);
    }
  }

  /**
   * Checks an object that is about to become live, and marks it so.
   *
   * @throws allocator.api.CorruptionException if it was written to while it was free
   */
  void wake(long object) {
    for (long i = 0; poison && i < bytes; i += Long.BYTES) {
      require(object, "poison", object + i, poisonAt(i));
    }
    if (zone) {
      require(object, "red zone", object + bytes, ZONE_FREE);
      window.putLong(object + bytes, ZONE_LIVE);
    }
  }

  /**
   * Checks a live object that is about to be freed.
   *
   * @throws allocator.api.CorruptionException if it was written past its end
   */
  void inspect(long object) {
    if (zone) {
      require(object, "red zone", object + bytes, ZONE_LIVE);
    }
  }

  private long poisonAt(long offset) {
    return offset == bytes - Long.BYTES ? POISON_END : POISON;
  }

  private void require(long object, String what, long at, long expected) {
    long found = window.getLong(at);
    if (found != expected) {
      throw Faults.overwritten(object, what, at, expected, found, history.apply(object));
    }
  }
}
