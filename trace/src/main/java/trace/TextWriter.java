package trace;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/**
 * Writes lines of a letter and numbers, plain or gzip: what the texts of the lower tiers have in
 * common. The output of the same events is the same, byte for byte.
 */
public final class TextWriter implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final String file;
  private final Writer out;

  private TextWriter(String file, OutputStream stream) {
    this.file = file;
    this.out =
        new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), BUFFER_BYTES);
  }

  /**
   * Creates a file, or empties it if it exists.
   *
   * @param file where to write; gzip if the name ends in {@code .gz}
   * @return the writer, before the first line
   * @throws TraceException if the file cannot be made
   */
  public static TextWriter create(Path file) throws TraceException {
    try {
      OutputStream stream = Files.newOutputStream(file);
      boolean gzip = file.toString().endsWith(".gz");
      return new TextWriter(file.toString(), gzip ? new GZIPOutputStream(stream) : stream);
    } catch (IOException e) {
      throw unwritable(file.toString(), e);
    }
  }

  /** Writes plain text to a stream, which the writer then owns. */
  public static TextWriter to(OutputStream stream, String name) {
    return new TextWriter(name, stream);
  }

  /** Returns a name without blanks, {@code unknown} for none: a word of the header comment. */
  public static String word(String name) {
    return name.isBlank() ? "unknown" : name.strip().replaceAll("\\s+", "-");
  }

  /** Writes a comment; text of several lines becomes several comment lines. */
  public void comment(String text) throws TraceException {
    for (String each : text.lines().toList()) {
      line("# " + each);
    }
  }

  /** Writes a line. */
  public void line(String text) throws TraceException {
    try {
      out.write(text);
      out.write('\n');
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /** Writes an event: its letter and its numbers, none of which is negative. */
  public void event(char letter, long... numbers) throws TraceException {
    StringBuilder text = new StringBuilder().append(letter);
    for (long number : numbers) {
      text.append(' ').append(number);
    }
    line(text.toString());
  }

  @Override
  public void close() throws TraceException {
    try {
      out.close();
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  static TraceException unwritable(String file, IOException e) {
    TraceException failure =
        new TraceException(file, 0, "", "cannot be written: " + e, "check the folder and its disk");
    failure.initCause(e);
    return failure;
  }
}
