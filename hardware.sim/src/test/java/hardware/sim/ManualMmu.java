package hardware.sim;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An MMU of its own for comparison: it knows the manual's tables 4-15 to 4-20 and a raw image, and
 * nothing of the code under test.
 */
final class ManualMmu implements AutoCloseable {
  static final long FAULT = -1;

  private final FileChannel image;
  private final long cr3;
  private final ByteBuffer word = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);

  ManualMmu(Path file, long cr3) throws IOException {
    this.image = FileChannel.open(file, StandardOpenOption.READ);
    this.cr3 = cr3;
  }

  /** Translates for an access of user or supervisor mode, or says FAULT. */
  long translate(long linear, boolean write, boolean user, boolean fetch) throws IOException {
    long upper = linear >> 47;
    if (upper != 0 && upper != -1) {
      return FAULT;
    }
    boolean writable = true;
    boolean open = true;
    boolean executable = true;
    long at = cr3 & 0xffffffffff000L;
    for (int bit = 39; bit >= 12; bit -= 9) {
      long entry = read(at + 8 * ((linear >>> bit) & 0x1ff));
      if (entry % 2 == 0) {
        return FAULT;
      }
      writable &= (entry & 2) != 0;
      open &= (entry & 4) != 0;
      executable &= entry >= 0;
      boolean large = (entry & 0x80) != 0;
      if (large && bit == 39) {
        return FAULT;
      }
      if (bit == 12 || large) {
        long low = (1L << bit) - 1;
        if (bit > 12 && (entry & 0xffffffffff000L & low & ~0x1000L) != 0) {
          return FAULT;
        }
        boolean allowed = (!write || writable) && (!user || open) && (!fetch || executable);
        return allowed ? (entry & 0xffffffffff000L & ~low) | (linear & low) : FAULT;
      }
      at = entry & 0xffffffffff000L;
    }
    throw new AssertionError();
  }

  long translate(long linear) throws IOException {
    return translate(linear, false, false, false);
  }

  private long read(long address) throws IOException {
    word.clear();
    return image.read(word, address) == 8 ? word.getLong(0) : 0;
  }

  @Override
  public void close() throws IOException {
    image.close();
  }
}
