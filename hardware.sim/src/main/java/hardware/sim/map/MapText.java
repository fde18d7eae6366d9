package hardware.sim.map;

import hardware.api.map.MapException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Turns a file into lines of text, or says why it is none. */
final class MapText {
  /** No log of one boot comes near this; more is a mistake that should not fill the heap. */
  private static final long MAX_BYTES = 64L << 20;

  /** The first four bytes of file formats that people confuse with text. */
  private static final int ZIP = 0x504b0304;

  private static final int XZ = 0xfd377a58;
  private static final int ZSTD = 0x28b52ffd;
  private static final int DEVICE_TREE = 0xd00dfeed;

  /** The first two bytes of a gzip file; the third says deflate, the fourth varies. */
  private static final int GZIP = 0x1f8b;

  private MapText() {}

  /**
   * The lines of the file.
   *
   * @throws MapException if the file is missing, no file, too large, or not text
   */
  static List<String> lines(Path file) {
    byte[] bytes = bytes(file);
    if (bytes.length == 0) {
      throw refusal(file, "the file is empty", "give it a log or a memory map as text");
    }
    refuseBinary(file, bytes);
    return decode(bytes).lines().toList();
  }

  private static byte[] bytes(Path file) {
    if (!Files.exists(file)) {
      throw refusal(file, "there is no such file", "check the name");
    }
    if (Files.isDirectory(file)) {
      throw refusal(file, "this is a directory", "name the file in it that holds the map");
    }
    try (var in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes((int) MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw refusal(
            file, "the file has more than " + MAX_BYTES + " bytes", "cut the part with the map");
      }
      return bytes;
    } catch (IOException e) {
      throw refusal(file, "the file cannot be read: " + e, "check its permissions");
    }
  }

  private static void refuseBinary(Path file, byte[] bytes) {
    int magic = magic(bytes);
    if (magic >>> 16 == GZIP || magic == ZIP || magic == XZ || magic == ZSTD) {
      throw refusal(file, "the file is compressed", "unpack it first, for instance with zcat");
    }
    if (magic == DEVICE_TREE) {
      throw refusal(
          file,
          "the file is a device-tree blob, which is not read yet",
          "give it the boot log of a kernel on that machine");
    }
    if (!utf16(bytes) && contains(bytes, (byte) 0)) {
      throw refusal(file, "the file is binary", "give it a log or a memory map as text");
    }
  }

  /** The first four bytes, zeros standing in for those that are missing. */
  private static int magic(byte[] bytes) {
    return ByteBuffer.wrap(Arrays.copyOf(bytes, Integer.BYTES)).getInt();
  }

  private static boolean contains(byte[] bytes, byte wanted) {
    for (byte b : bytes) {
      if (b == wanted) {
        return true;
      }
    }
    return false;
  }

  /** Whether the text begins with a byte order mark, as Windows editors write it. */
  private static boolean utf16(byte[] bytes) {
    int mark = magic(bytes) >>> 16;
    return mark == 0xfffe || mark == 0xfeff;
  }

  private static String decode(byte[] bytes) {
    Charset charset = utf16(bytes) ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  private static MapException refusal(Path file, String reason, String remedy) {
    return new MapException(file.toString(), 0, "", reason, remedy);
  }
}
