package trace;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a trace: plain as they are, gzip (RFC 1952) and zstd (RFC 8878) expanded, recognised
 * by their first bytes. Every failure becomes a {@link TraceException} that says what the file is
 * instead.
 */
final class TraceInput implements AutoCloseable {
  /** Large enough that inflating dominates the calls, small enough for a second-level cache. */
  private static final int BUFFER_BYTES = 1 << 16;

  private static final int MAGIC_BYTES = 6;

  private final String file;
  private final CountingInput raw;
  private final InputStream expanded;
  private final long total;

  /** The failure that every later read repeats, since streams do not. */
  private @Nullable IOException failed;

  private TraceInput(String file, CountingInput raw, long total) throws IOException {
    this.file = file;
    this.raw = raw;
    this.total = total;
    this.expanded = expand(raw);
  }

  static TraceInput open(Path path) throws TraceException {
    String name = path.toString();
    if (Files.isDirectory(path)) {
      throw whole(name, "is a directory, not a trace", "name the trace files in it");
    }
    try {
      boolean regular = Files.isRegularFile(path);
      return of(name, Files.newInputStream(path), regular ? Files.size(path) : -1);
    } catch (TraceException e) {
      throw e;
    } catch (NoSuchFileException e) {
      throw caused(whole(name, "does not exist", "check the path"), e);
    } catch (AccessDeniedException e) {
      throw caused(whole(name, "may not be read", "check the permissions"), e);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  static TraceInput of(String name, InputStream stream, long total) throws TraceException {
    try {
      return new TraceInput(name, new CountingInput(stream), total);
    } catch (IOException e) {
      TraceException failure = failure(name, e, 0);
      try {
        stream.close();
      } catch (IOException closing) {
        failure.addSuppressed(closing);
      }
      throw failure;
    }
  }

  String file() {
    return file;
  }

  /** Bytes taken from the file so far, before expansion. */
  long position() {
    return raw.count;
  }

  /** Bytes of the file, or -1 if its length is not known. */
  long total() {
    return total;
  }

  /** Reads up to {@code length} bytes; returns how many, or -1 at the end. */
  int read(byte[] target, int offset, int length, long events) throws TraceException {
    if (failed == null) {
      try {
        return expanded.read(target, offset, length);
      } catch (IOException e) {
        failed = e;
      }
    }
    throw failure(file, failed, events);
  }

  @Override
  public void close() throws TraceException {
    try {
      expanded.close();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static InputStream expand(CountingInput raw) throws IOException {
    PushbackInputStream in = new PushbackInputStream(raw, MAGIC_BYTES);
    byte[] magic = in.readNBytes(MAGIC_BYTES);
    in.unread(magic);
    String other = otherKind(magic);
    if (!other.isEmpty()) {
      throw new ForeignContentException(other);
    }
    if (startsWith(magic, "(\u00b5/\u00fd")) {
      return new ZstdInput(in);
    }
    return startsWith(magic, "\u001f\u008b") ? new GZIPInputStream(in, BUFFER_BYTES) : in;
  }

  /** Names what begins with these bytes if it is something that users mistake for a trace. */
  private static String otherKind(byte[] magic) {
    if (startsWith(magic, "\u00fd7zXZ")) {
      return "xz";
    } else if (startsWith(magic, "BZh")) {
      return "bzip2";
    } else if (startsWith(magic, "PK\u0003\u0004")) {
      return "zip";
    }
    return "";
  }

  private static boolean startsWith(byte[] bytes, String prefix) {
    byte[] wanted = prefix.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length < wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (bytes[i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  private static TraceException failure(String name, IOException e, long events) {
    return switch (e) {
      case ForeignContentException f ->
          whole(
              name,
              "is " + f.getMessage() + " data",
              "expand it first: gzip, zstd and plain are read");
      case EOFException eof ->
          caused(
              whole(
                  name,
                  "ends in the middle of a gzip member: " + events + " events read",
                  "the file was cut off: copy or record it again"),
              eof);
      case ZipException zip ->
          caused(
              whole(
                  name,
                  "is damaged gzip data: " + zip.getMessage() + ", " + events + " events read",
                  "copy or record it again"),
              zip);
      case ZstdInput.DamageException zstd ->
          caused(
              whole(
                  name,
                  zstd.getMessage() + ": " + events + " events read",
                  "the file was cut off or damaged: copy or record it again"),
              zstd);
      default -> unreadable(name, e);
    };
  }

  private static TraceException unreadable(String name, IOException e) {
    return caused(whole(name, "cannot be read: " + e, "check the file and its disk"), e);
  }

  private static TraceException whole(String name, String reason, String remedy) {
    return new TraceException(name, 0, "", reason, remedy);
  }

  private static TraceException caused(TraceException failure, IOException cause) {
    failure.initCause(cause);
    return failure;
  }

  /** The first bytes belong to a container that is not read. */
  private static final class ForeignContentException extends IOException {
    private static final long serialVersionUID = 1L;

    ForeignContentException(String kind) {
      super(kind);
    }
  }

  /** Counts what passes, so that progress can be shown in bytes of the file. */
  private static final class CountingInput extends InputStream {
    private final InputStream in;
    private long count;

    CountingInput(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      int value = in.read();
      count += value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int got = in.read(target, offset, length);
      count += Math.max(got, 0);
      return got;
    }

    @Override
    public int available() throws IOException {
      return in.available();
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
