package heap.tlsf;

import hardware.api.Window;
import tck.heap.HeapGround;

/** Ground whose window counts the words that are read and written. */
final class CountingGround extends HeapGround {
  private final Counted window = new Counted();

  CountingGround(long bytes) {
    super(bytes, 1);
  }

  long accesses() {
    return window.accesses;
  }

  @Override
  public Window window() {
    return window;
  }

  private final class Counted extends Window {
    private long accesses;

    @Override
    public long base() {
      return memory.base();
    }

    @Override
    public long size() {
      return memory.size();
    }

    @Override
    public long getLong(long address) {
      accesses++;
      return memory.getLong(address);
    }

    @Override
    public void putLong(long address, long value) {
      accesses++;
      memory.putLong(address, value);
    }

    @Override
    public int getInt(long address) {
      accesses++;
      return memory.getInt(address);
    }

    @Override
    public void putInt(long address, int value) {
      accesses++;
      memory.putInt(address, value);
    }

    @Override
    public byte getByte(long address) {
      accesses++;
      return memory.getByte(address);
    }

    @Override
    public void putByte(long address, byte value) {
      accesses++;
      memory.putByte(address, value);
    }

    @Override
    public void fill(long address, long bytes, byte value) {
      memory.fill(address, bytes, value);
    }

    @Override
    public void copy(long from, long to, long bytes) {
      memory.copy(from, to, bytes);
    }
  }
}
