package trace;

import hardware.api.Window;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A window on a byte array. */
final class ArrayWindow extends Window {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final long base;
  private final byte[] bytes;

  ArrayWindow(long base, int size) {
    this.base = base;
    this.bytes = new byte[size];
  }

  @Override
  public long base() {
    return base;
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public long getLong(long address) {
    return (long) LONG.get(bytes, index(address));
  }

  @Override
  public void putLong(long address, long value) {
    LONG.set(bytes, index(address), value);
  }

  @Override
  public int getInt(long address) {
    return (int) INT.get(bytes, index(address));
  }

  @Override
  public void putInt(long address, int value) {
    INT.set(bytes, index(address), value);
  }

  @Override
  public byte getByte(long address) {
    return bytes[index(address)];
  }

  @Override
  public void putByte(long address, byte value) {
    bytes[index(address)] = value;
  }

  @Override
  public void fill(long address, long count, byte value) {
    Arrays.fill(bytes, index(address), index(address) + (int) count, value);
  }

  @Override
  public void copy(long from, long to, long count) {
    System.arraycopy(bytes, index(from), bytes, index(to), (int) count);
  }

  private int index(long address) {
    return Math.toIntExact(address - base);
  }
}
