package trace;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.zstd.ZstdInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Expands zstd data (RFC 8878) with aircompressor, whose errors are unchecked: here they are
 * checked ones, as are the slips that damaged data lead its decoder into.
 */
final class ZstdInput extends InputStream {
  private final ZstdInputStream in;

  ZstdInput(InputStream packed) {
    this.in = new ZstdInputStream(packed);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    int got = read(one, 0, 1);
    return got < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    try {
      return in.read(target, offset, length);
    } catch (EOFException e) {
      throw new DamageException("ends in the middle of a zstd frame", e);
    } catch (MalformedInputException e) {
      throw damage(e);
    } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
      throw damage(e);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private static DamageException damage(RuntimeException e) {
    String message = String.valueOf(e.getMessage());
    boolean cut = message.startsWith("Not enough input bytes");
    return new DamageException(
        cut ? "ends in the middle of a zstd frame" : "is damaged zstd data: " + message, e);
  }

  /** Data that are no zstd frames, or not all of them. */
  static final class DamageException extends IOException {
    private static final long serialVersionUID = 1L;

    DamageException(String reason, Exception cause) {
      super(reason, cause);
    }
  }
}
