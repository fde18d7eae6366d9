package hardware.sim;

import hardware.api.Mmu;
import hardware.api.PageFault;
import hardware.api.Window;

/**
 * A window whose every access goes through the modelled MMU. An access that lies across pages is
 * translated once for each page before any byte of it is read or written.
 */
final class CountedWindow extends Window {
  private static final long INSIDE = SimMemory.PAGE_BYTES - 1;
  private static final int BYTE = 0xff;

  private final SimAddressSpace space;
  private final SimMemory memory;
  private final Mmu mmu;
  private final int cpu;
  private final long base;
  private final long size;

  private CountedWindow(SimAddressSpace space, int cpu, long base, long size) {
    this.space = space;
    this.memory = space.machine().memory();
    this.mmu = space.machine().mmu();
    this.cpu = cpu;
    this.base = base;
    this.size = size;
  }

  /*
   * The result is typed as its base class, so that the verifier has no reason to load this class
   * before it is used: while DirectWindow is alone, its methods are bound statically.
   */
  /** {@return a new window} */
  static Window open(SimAddressSpace space, int cpu, long base, long size) {
    return new CountedWindow(space, cpu, base, size);
  }

  @Override
  public long base() {
    return base;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public long getLong(long address) {
    if (crosses(address, Long.BYTES)) {
      return getPieces(address, Long.BYTES);
    }
    return memory.window().getLong(physical(address, Mmu.READ));
  }

  @Override
  public void putLong(long address, long value) {
    if (crosses(address, Long.BYTES)) {
      putPieces(address, value, Long.BYTES);
    } else {
      memory.window().putLong(physical(address, Mmu.WRITE), value);
    }
  }

  @Override
  public int getInt(long address) {
    if (crosses(address, Integer.BYTES)) {
      return (int) getPieces(address, Integer.BYTES);
    }
    return memory.window().getInt(physical(address, Mmu.READ));
  }

  @Override
  public void putInt(long address, int value) {
    if (crosses(address, Integer.BYTES)) {
      putPieces(address, value, Integer.BYTES);
    } else {
      memory.window().putInt(physical(address, Mmu.WRITE), value);
    }
  }

  @Override
  public byte getByte(long address) {
    return memory.window().getByte(physical(address, Mmu.READ));
  }

  @Override
  public void putByte(long address, byte value) {
    memory.window().putByte(physical(address, Mmu.WRITE), value);
  }

  @Override
  public void fill(long address, long bytes, byte value) {
    checkLength(bytes);
    for (long done = 0; done < bytes; ) {
      long piece = Math.min(bytes - done, toPageEnd(address + done));
      memory.window().fill(physical(address + done, Mmu.WRITE), piece, value);
      done += piece;
    }
  }

  @Override
  public void copy(long from, long to, long bytes) {
    checkLength(bytes);
    if (to - from < 0 || to - from >= bytes) {
      copyUpward(from, to, bytes);
    } else {
      copyDownward(from, to, bytes);
    }
  }

  private void copyUpward(long from, long to, long bytes) {
    for (long done = 0; done < bytes; ) {
      long piece = Math.min(toPageEnd(from + done), toPageEnd(to + done));
      piece = Math.min(piece, bytes - done);
      copyPiece(from + done, to + done, piece);
      done += piece;
    }
  }

  // The target begins inside the source: the end goes first, lest it be overwritten.
  private void copyDownward(long from, long to, long bytes) {
    for (long left = bytes; left > 0; ) {
      long piece = Math.min(fromPageStart(from + left), fromPageStart(to + left));
      piece = Math.min(piece, left);
      left -= piece;
      copyPiece(from + left, to + left, piece);
    }
  }

  private void copyPiece(long from, long to, long bytes) {
    long source = physical(from, Mmu.READ);
    memory.window().copy(source, physical(to, Mmu.WRITE), bytes);
  }

  private long getPieces(long address, int bytes) {
    long low = physical(address, Mmu.READ);
    long high = physical(address + bytes - 1, Mmu.READ) & ~INSIDE;
    int lowBytes = (int) toPageEnd(address);
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      long at = i < lowBytes ? low + i : high + (i - lowBytes);
      value = (value << Byte.SIZE) | (memory.window().getByte(at) & BYTE);
    }
    return value;
  }

  private void putPieces(long address, long value, int bytes) {
    long low = physical(address, Mmu.WRITE);
    long high = physical(address + bytes - 1, Mmu.WRITE) & ~INSIDE;
    int lowBytes = (int) toPageEnd(address);
    for (int i = 0; i < bytes; i++) {
      long at = i < lowBytes ? low + i : high + (i - lowBytes);
      memory.window().putByte(at, (byte) (value >>> (i * Byte.SIZE)));
    }
  }

  /** {@return the physical address of an access, its frame supplied} */
  private long physical(long address, int access) {
    long physical = mmu.access(space, cpu, address, access);
    long frame = physical >>> SimMemory.PAGE_SHIFT;
    if (!memory.supplied(frame)) {
      if (!memory.spans().contains(frame)) {
        throw new PageFault(address, 1, PageFault.Cause.MALFORMED);
      }
      memory.supply(frame, 1);
    }
    return physical;
  }

  private static boolean crosses(long address, int bytes) {
    return (address & INSIDE) > INSIDE + 1 - bytes;
  }

  private static long toPageEnd(long address) {
    return INSIDE + 1 - (address & INSIDE);
  }

  private static long fromPageStart(long end) {
    return ((end - 1) & INSIDE) + 1;
  }

  private static void checkLength(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException(bytes + " bytes");
    }
  }
}
