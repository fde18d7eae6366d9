package heap.zone;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What is known of 4 MiB of addresses: 16 bytes per page, laid out as XNU's {@code
 * zone_page_metadata}, and a bit per 16 bytes: does a live element begin here.
 *
 * <p>A byte of {@code live} covers 64 bytes of addresses. Where elements are at least that far
 * apart no two share a byte, and birth is a plain store. Death is always a compare-and-set, so of
 * two frees of one element exactly one succeeds.
 */
final class Region {
  /** Logarithm to base 2 of a region's bytes. */
  static final int SHIFT = 22;

  /** Distance of elements in bytes from which on no two share a byte of {@code live}. */
  static final int ALONE = 64;

  private static final VarHandle BYTES = MethodHandles.arrayElementVarHandle(byte[].class);
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int LIVE_BYTES = (1 << SHIFT) / ALONE;
  private static final int GRANULE = SizeClasses.GRANULE;
  private static final byte[] NONE_LIVE = new byte[0];

  /** Two words per page: see {@link PageMeta}. */
  final long[] meta;

  private byte[] live = NONE_LIVE; // only where zones are

  Region(int pages) {
    meta = new long[2 * pages];
  }

  /** Makes ready for elements of zones. Called under the lock of {@link Regions}. */
  void admitZones() {
    if (live.length == 0) {
      live = new byte[LIVE_BYTES];
    }
  }

  private static int cell(long offset) {
    return (int) (offset >>> 6) & (LIVE_BYTES - 1); // 64 bytes each
  }

  private static int bit(long offset) {
    return 1 << ((int) (offset >>> 4) & 3);
  }

  /** {@return whether a live element begins at an offset from the window's base} */
  boolean isLive(long offset) {
    int cell = cell(offset);
    return (offset & (GRANULE - 1)) == 0 && cell < live.length && (live[cell] & bit(offset)) != 0;
  }

  /** Marks an element as live that only the caller knows. */
  void born(long offset, boolean alone) {
    if (alone) {
      live[cell(offset)] = (byte) bit(offset);
    } else {
      flip(live, cell(offset), bit(offset));
    }
  }

  private static void flip(byte[] cells, int cell, int bit) {
    byte old = cells[cell];
    while (!BYTES.compareAndSet(cells, cell, old, (byte) (old ^ bit))) {
      Thread.onSpinWait();
      old = (byte) BYTES.getOpaque(cells, cell);
    }
  }

  /** {@return true, with the mark cleared, if a live element of a zone began at the offset} */
  boolean died(long offset) {
    byte[] cells = live;
    int cell = cell(offset);
    int bit = bit(offset);
    byte old = cells[cell];
    while ((old & bit) != 0 && (offset & (GRANULE - 1)) == 0) {
      if (BYTES.compareAndSet(cells, cell, old, (byte) (old & ~bit))) {
        return true;
      }
      old = (byte) BYTES.getOpaque(cells, cell);
    }
    return false;
  }

  /** {@return the live marks of the 64 bytes at an offset, a bit per granule} */
  int marks(long offset) {
    return live[cell(offset)] & 0xF;
  }

  /** {@return whether a word was as expected and is now another} */
  boolean replace(int word, long expected, long now) {
    return LONGS.compareAndSet(meta, word, expected, now);
  }
}
