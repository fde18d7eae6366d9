package heap.slab;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What is known of 1 MiB of addresses: whose each page is, and which granules of 8 bytes are the
 * start of a live object.
 *
 * <p>A byte of {@code live} covers 64 bytes of addresses. Where objects are at least that far apart
 * no two share a byte, and birth is a plain store. Death is always a compare-and-set, so of two
 * frees of one object exactly one succeeds.
 */
final class Region {
  /** Logarithm to base 2 of a region's bytes. */
  static final int SHIFT = 20;

  /** An owner that is none. */
  static final short NOBODY = 0;

  /** The owner of a large block's first page; the page's value is the block's length in pages. */
  static final short LARGE = -1;

  /** The same of a large block that is part of an extent. */
  static final short RUN = -2;

  /** Distance of objects in bytes from which on no two share a byte of {@code live}. */
  static final int ALONE = 64;

  static final int GRANULE = 8; // bytes: the least distance of objects

  private static final VarHandle BYTES = MethodHandles.arrayElementVarHandle(byte[].class);
  private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);
  private static final int LIVE_BYTES = (1 << SHIFT) / ALONE;
  private static final byte[] NONE_LIVE = new byte[0];

  /** Per page: the id of the cache whose slab it is part of, or one of the owners above. */
  final short[] owner;

  /** Per page: the slab's index in its cache, or the length of a large block in pages. */
  final int[] value;

  /** Per page: the extent that it is part of, for pages of slabs. */
  final int[] extent;

  private byte[] live = NONE_LIVE; // only where slabs are

  Region(int pages) {
    owner = new short[pages];
    value = new int[pages];
    extent = new int[pages];
  }

  /** Makes ready for slabs. Called under the lock of {@link Regions}. */
  void admitSlabs() {
    if (live.length == 0) {
      live = new byte[LIVE_BYTES];
    }
  }

  private static int cell(long offset) {
    return (int) (offset >>> 6) & (LIVE_BYTES - 1); // 64 bytes each
  }

  private static int bit(long offset) {
    return 1 << ((int) (offset >>> 3) & 7);
  }

  /** {@return whether a live object begins at an offset from the window's base} */
  boolean isLive(long offset) {
    return (offset & (GRANULE - 1)) == 0 && (live[cell(offset)] & bit(offset)) != 0;
  }

  /** Marks an object as live that only the caller knows. */
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

  /** {@return true, with the mark cleared, if a live object began at the offset} */
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
    return live[cell(offset)] & 0xFF;
  }

  /** {@return whether the value of a page was as expected and is now another} */
  boolean replace(int page, int expected, int now) {
    return INTS.compareAndSet(value, page, expected, now);
  }
}
