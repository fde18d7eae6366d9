package trace;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;

/** Small traces for tests. */
final class Samples {
  private Samples() {}

  static byte[] resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(Samples.class.getResourceAsStream("/samples/" + name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static TraceReader reader(byte[] bytes) throws TraceException {
    return TraceReader.of(new ByteArrayInputStream(bytes), "sample");
  }

  static TraceReader reader(String text) throws TraceException {
    return reader(ascii(text));
  }

  /** Reads to the end and writes what was read as Quarry text, without a header. */
  static String text(EventSource source) throws TraceException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (source;
        TraceWriter writer = TraceWriter.to(bytes, "text")) {
      writer.writeAll(source);
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  static TraceSummary summary(byte[] bytes) throws TraceException {
    try (TraceReader reader = reader(bytes)) {
      return TraceSummary.of(reader);
    }
  }

  static String events(String trace) {
    return trace
        .lines()
        .filter(l -> !l.startsWith("#"))
        .map(l -> l + "\n")
        .reduce("", String::concat);
  }
}
