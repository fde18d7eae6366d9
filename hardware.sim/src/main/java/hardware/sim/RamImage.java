package hardware.sim;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes RAM as a raw image that any tool can read: byte n of the file is physical address n. */
final class RamImage {
  private static final int BUFFER = 1 << 20;
  private static final int PAGE = SimMemory.PAGE_BYTES;

  private RamImage() {}

  /**
   * Writes the image, with holes where nothing is stored or all is zero.
   *
   * @param ram the RAM file
   * @param length its length
   * @param target where to; replaced if it exists
   * @return the length of the image
   */
  static long write(RamFile ram, long length, Path target) throws IOException {
    if (Files.exists(target) && Files.isSameFile(ram.path(), target)) {
      throw new IOException(target + " is the RAM itself: dump to another file");
    }
    try (FileChannel from = FileChannel.open(ram.path(), StandardOpenOption.READ);
        FileChannel to =
            FileChannel.open(
                target,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
      copyData(ram, from, to);
      // The last byte fixes the length; it is zero or a copy of what is there.
      copy(from, to, length - PAGE, length, false);
    }
    return length;
  }

  private static void copyData(RamFile ram, FileChannel from, FileChannel to) throws IOException {
    for (long at = ram.nextData(0); at >= 0; ) {
      long stop = ram.nextHole(at);
      copy(from, to, at, stop, true);
      at = ram.nextData(stop);
    }
  }

  private static void copy(FileChannel from, FileChannel to, long start, long end, boolean sparse)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(BUFFER, end - start));
    for (long at = start; at < end; ) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
      int wanted = buffer.remaining();
      readFully(from, buffer, at);
      writePages(buffer.flip(), to, at, sparse);
      at += wanted;
    }
  }

  private static void readFully(FileChannel from, ByteBuffer buffer, long at) throws IOException {
    while (buffer.hasRemaining()) {
      if (from.read(buffer, at + buffer.position()) < 0) {
        throw new EOFException("RAM ends before 0x" + Long.toHexString(at + buffer.limit()));
      }
    }
  }

  private static void writePages(ByteBuffer buffer, FileChannel to, long at, boolean sparse)
      throws IOException {
    for (int page = 0; page < buffer.limit(); page += PAGE) {
      ByteBuffer piece = buffer.slice(page, Math.min(PAGE, buffer.limit() - page));
      if (sparse && isZero(piece)) {
        continue;
      }
      while (piece.hasRemaining()) {
        to.write(piece, at + page + piece.position());
      }
    }
  }

  private static boolean isZero(ByteBuffer piece) {
    for (int i = 0; i < piece.limit(); i += Long.BYTES) {
      if (piece.getLong(i) != 0) {
        return false;
      }
    }
    return true;
  }
}
