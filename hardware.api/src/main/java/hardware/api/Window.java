package hardware.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A view of simulated memory through which allocators read and write: a contiguous stretch of
 * addresses with little-endian access of 1, 4 and 8 bytes.
 *
 * <p>This is an abstract class and not an interface on purpose. While only {@link DirectWindow} is
 * loaded, the compiler binds every call statically and inlines it; the counted path of the MMU is a
 * second class that is loaded when its figures are asked for.
 *
 * <p>Access is not checked against the page tables on the direct path: an address outside what is
 * mapped reads and writes harmless scratch memory of the host and never ends the JVM. The counted
 * path throws {@link PageFault}.
 *
 * <p>Thread-safety is that of plain memory: racing accesses to one word are the caller's matter.
 */
@ProviderType
public abstract class Window {
  /** For subclasses in a hardware bundle. */
  protected Window() {}

  /** {@return the lowest address of the window} */
  public abstract long base();

  /** {@return the length of the window in bytes} */
  public abstract long size();

  /**
   * Reads eight bytes.
   *
   * @param address virtual (or, for a window on RAM, physical) address; any alignment
   * @return the little-endian value
   */
  public abstract long getLong(long address);

  /**
   * Writes eight bytes.
   *
   * @param address the address; any alignment
   * @param value the value, stored little-endian
   */
  public abstract void putLong(long address, long value);

  /**
   * Reads four bytes.
   *
   * @param address the address; any alignment
   * @return the little-endian value
   */
  public abstract int getInt(long address);

  /**
   * Writes four bytes.
   *
   * @param address the address; any alignment
   * @param value the value, stored little-endian
   */
  public abstract void putInt(long address, int value);

  /**
   * Reads one byte.
   *
   * @param address the address
   * @return the byte
   */
  public abstract byte getByte(long address);

  /**
   * Writes one byte.
   *
   * @param address the address
   * @param value the byte
   */
  public abstract void putByte(long address, byte value);

  /**
   * Sets bytes to one value.
   *
   * @param address the first address
   * @param bytes how many, at least 0
   * @param value the value
   */
  public abstract void fill(long address, long bytes, byte value);

  /**
   * Copies bytes within the window; the ranges may overlap.
   *
   * @param from the first address to read
   * @param to the first address to write
   * @param bytes how many, at least 0
   */
  public abstract void copy(long from, long to, long bytes);
}
