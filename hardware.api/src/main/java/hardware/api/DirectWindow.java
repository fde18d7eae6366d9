package hardware.api;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A window whose addresses are host memory at a constant distance: one mask and one addition per
 * access, translated by the host's own MMU.
 *
 * <p>The address is masked to the window's size, which is a power of two, so that no address,
 * however wrong, leaves the host memory that stands behind the window.
 */
public final class DirectWindow extends Window {
  /** Bytes of slack that the host memory has behind the window, for an access at its last byte. */
  public static final long SLACK = 4096;

  /*
   * All of the host's memory as one segment in a static final field: the compiler knows its bounds
   * as constants, so that an access costs what a pointer costs. It is sound only because of the mask
   * in each access below.
   */
  @SuppressWarnings("restricted")
  private static final MemorySegment HOST = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final long base;
  private final long host;
  private final long mask;

  // What the segment's memory belongs to: it stays reachable, and so mapped, as long as the window.
  private final MemorySegment behind;

  /**
   * Opens a window over native memory.
   *
   * @param base the lowest address of the window, a multiple of its size
   * @param size a power of two, in bytes
   * @param behind native memory of at least {@code size} + {@link #SLACK} bytes; the caller keeps
   *     it alive as long as the window is used
   * @throws IllegalArgumentException if the sizes do not fit together
   */
  public DirectWindow(long base, long size, MemorySegment behind) {
    if (Long.bitCount(size) != 1 || (base & (size - 1)) != 0) {
      throw new IllegalArgumentException(
          "window 0x%x + 0x%x: size must be a power of two and base a multiple of it"
              .formatted(base, size));
    }
    if (!behind.isNative() || behind.byteSize() < size + SLACK) {
      throw new IllegalArgumentException(
          "window of %d bytes needs native memory of %d bytes, got %d"
              .formatted(size, size + SLACK, behind.byteSize()));
    }
    this.base = base;
    this.mask = size - 1;
    this.behind = behind;
    this.host = behind.address();
  }

  @Override
  public long base() {
    return base;
  }

  @Override
  public long size() {
    return mask + 1;
  }

  /** {@return the host memory behind the window, without its slack} */
  public MemorySegment memory() {
    return behind.asSlice(0, size());
  }

  @Override
  public long getLong(long address) {
    return HOST.get(LONG, host + (address & mask));
  }

  @Override
  public void putLong(long address, long value) {
    HOST.set(LONG, host + (address & mask), value);
  }

  @Override
  public int getInt(long address) {
    return HOST.get(INT, host + (address & mask));
  }

  @Override
  public void putInt(long address, int value) {
    HOST.set(INT, host + (address & mask), value);
  }

  @Override
  public byte getByte(long address) {
    return HOST.get(ValueLayout.JAVA_BYTE, host + (address & mask));
  }

  @Override
  public void putByte(long address, byte value) {
    HOST.set(ValueLayout.JAVA_BYTE, host + (address & mask), value);
  }

  @Override
  public void fill(long address, long bytes, byte value) {
    slice(address, bytes).fill(value);
  }

  @Override
  public void copy(long from, long to, long bytes) {
    MemorySegment.copy(slice(from, bytes), 0, slice(to, bytes), 0, bytes);
  }

  private MemorySegment slice(long address, long bytes) {
    long offset = address & mask;
    if (bytes < 0 || bytes > size() - offset) {
      throw new IllegalArgumentException(
          "%d bytes at 0x%x leave the window 0x%x + 0x%x".formatted(bytes, address, base, size()));
    }
    return behind.asSlice(offset, bytes);
  }
}
