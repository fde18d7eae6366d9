package physmem.buddy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Reads and writes the host memory that metadata lies in, by absolute address.
 *
 * <p>Nothing is checked here: {@link FreeBlocks} and {@link LiveFrames} form no address outside
 * their own segment. The layouts are unaligned ones because the compiler does better with them
 * where it cannot see the alignment.
 */
final class Cells {
  /*
   * All of the host's memory as one static final segment, whose bounds the compiler knows as
   * constants, so that an access costs what a pointer costs.
   */
  @SuppressWarnings("restricted")
  private static final MemorySegment HOST = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private Cells() {}

  static long getLong(long address) {
    return HOST.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
  }

  static void putLong(long address, long value) {
    HOST.set(ValueLayout.JAVA_LONG_UNALIGNED, address, value);
  }

  static int getInt(long address) {
    return HOST.get(ValueLayout.JAVA_INT_UNALIGNED, address);
  }

  static void putInt(long address, int value) {
    HOST.set(ValueLayout.JAVA_INT_UNALIGNED, address, value);
  }

  static int getShort(long address) {
    return HOST.get(ValueLayout.JAVA_SHORT_UNALIGNED, address);
  }

  static void putShort(long address, int value) {
    HOST.set(ValueLayout.JAVA_SHORT_UNALIGNED, address, (short) value);
  }

  /** {@return the unsigned byte at the address} */
  static int getByte(long address) {
    return HOST.get(ValueLayout.JAVA_BYTE, address) & 0xFF;
  }

  static void putByte(long address, int value) {
    HOST.set(ValueLayout.JAVA_BYTE, address, (byte) value);
  }
}
