package trace;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/**
 * Writes Quarry's trace text, plain or gzip. The output of the same events is the same, byte for
 * byte. What is written is not checked: the caller gives events that make a valid trace.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class TraceWriter implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  /** A letter, three numbers of up to 19 digits, three spaces and a line feed, rounded up. */
  private static final int LONGEST_EVENT = 64;

  private static final int LONGEST_NUMBER = 19;

  private final String file;
  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final byte[] digits = new byte[LONGEST_NUMBER];
  private int filled;

  private TraceWriter(String file, OutputStream out) {
    this.file = file;
    this.out = out;
  }

  /**
   * Creates a file, or empties it if it exists.
   *
   * @param file where to write; gzip if the name ends in {@code .gz}
   * @return the writer, before the first line
   * @throws TraceException if the file cannot be made
   */
  public static TraceWriter create(Path file) throws TraceException {
    try {
      OutputStream stream = Files.newOutputStream(file);
      boolean gzip = file.toString().endsWith(".gz");
      return new TraceWriter(file.toString(), gzip ? new GZIPOutputStream(stream) : stream);
    } catch (IOException e) {
      throw TextWriter.unwritable(file.toString(), e);
    }
  }

  /**
   * Writes plain text to a stream, which the writer then owns.
   *
   * @param stream where to write
   * @param name what error messages call it
   * @return the writer, before the first line
   */
  public static TraceWriter to(OutputStream stream, String name) {
    return new TraceWriter(name, stream);
  }

  /**
   * Writes a trace in any format as Quarry text: reads it once for the header comment and once more
   * for the events.
   *
   * @param from the trace to read
   * @param to the file to write; gzip if the name ends in {@code .gz}
   * @param program the program's name for the header, or empty to take it from the trace
   * @param remarks further comment lines, without the {@code #}
   * @return what the trace holds
   * @throws TraceException if reading or writing fails
   */
  public static TraceSummary convert(Path from, Path to, String program, String... remarks)
      throws TraceException {
    if (isSameFile(from, to)) {
      throw new TraceException(
          to.toString(), 0, "", "would overwrite the trace that is read", "name another file");
    }
    TraceSummary summary = TraceSummary.of(from);
    try (TraceReader reader = TraceReader.open(from);
        TraceWriter writer = create(to)) {
      writer.header(summary, program.isEmpty() ? summary.program() : program);
      for (String remark : remarks) {
        writer.comment(remark);
      }
      writer.writeAll(reader);
    }
    return summary;
  }

  /** Writes the comment that names program, operations, ids, threads and peaks. */
  public void header(TraceSummary summary, String program) throws TraceException {
    comment(
        "quarry trace v1  program="
            + TextWriter.word(program)
            + " ops="
            + summary.operations()
            + " ids="
            + summary.ids()
            + " threads="
            + summary.threads()
            + " peak_live_bytes="
            + summary.peakLiveBytes()
            + " peak_live_blocks="
            + summary.peakLiveBlocks());
  }

  /** Writes a comment; text of several lines becomes several comment lines. */
  public void comment(String text) throws TraceException {
    for (String line : text.lines().toList()) {
      flush();
      byte[] bytes = ("# " + line + "\n").getBytes(StandardCharsets.UTF_8);
      emit(bytes, bytes.length);
    }
  }

  /** Writes all events that the source still has. */
  public void writeAll(EventSource source) throws TraceException {
    EventBatch batch = new EventBatch();
    while (source.read(batch)) {
      write(batch);
    }
  }

  /** Writes all events of a batch, with the ids that its source gave. */
  public void write(EventBatch batch) throws TraceException {
    for (int i = 0; i < batch.length(); i++) {
      long id = batch.id(i);
      switch (batch.operation(i)) {
        case EventBatch.ALLOCATE -> allocate(id, batch.size(i));
        case EventBatch.ZEROED -> zeroed(id, batch.extra(i), batch.size(i));
        case EventBatch.ALIGNED -> aligned(id, batch.extra(i), batch.size(i));
        case EventBatch.RESIZE -> resize(batch.extra(i), id, batch.size(i));
        case EventBatch.FREE -> free(id);
        default -> thread(batch.thread(i));
      }
    }
  }

  /** Writes that block {@code id} of {@code size} bytes is born. */
  public void allocate(long id, long size) throws TraceException {
    begin('a');
    number(id);
    number(size);
    end();
  }

  /** Writes that block {@code id} of {@code count} times {@code size} zeroed bytes is born. */
  public void zeroed(long id, long count, long size) throws TraceException {
    begin('c');
    number(id);
    number(count);
    number(size);
    end();
  }

  /** Writes that block {@code id} of {@code size} bytes at such an alignment is born. */
  public void aligned(long id, long alignment, long size) throws TraceException {
    begin('m');
    number(id);
    number(alignment);
    number(size);
    end();
  }

  /** Writes that block {@code old} dies and {@code id} of {@code size} bytes is born from it. */
  public void resize(long old, long id, long size) throws TraceException {
    begin('r');
    number(old);
    number(id);
    number(size);
    end();
  }

  /** Writes that block {@code id} dies. */
  public void free(long id) throws TraceException {
    begin('f');
    number(id);
    end();
  }

  /** Writes that the events from here on are made by thread {@code index}. */
  public void thread(int index) throws TraceException {
    begin('t');
    number(index);
    end();
  }

  /**
   * Writes what is buffered and closes the file.
   *
   * @throws TraceException if the disk is full or the file cannot be finished
   */
  @Override
  public void close() throws TraceException {
    try (OutputStream closing = out) {
      closing.write(buffer, 0, filled);
      filled = 0;
    } catch (IOException e) {
      throw TextWriter.unwritable(file, e);
    }
  }

  private void begin(char operation) throws TraceException {
    if (filled + LONGEST_EVENT > buffer.length) {
      flush();
    }
    buffer[filled] = (byte) operation;
    filled++;
  }

  private void number(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("a trace has no negative number such as " + value);
    }
    int from = LONGEST_NUMBER;
    long rest = value;
    do {
      from--;
      digits[from] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest != 0);
    buffer[filled] = ' ';
    System.arraycopy(digits, from, buffer, filled + 1, LONGEST_NUMBER - from);
    filled += 1 + LONGEST_NUMBER - from;
  }

  private void end() {
    buffer[filled] = '\n';
    filled++;
  }

  private void flush() throws TraceException {
    emit(buffer, filled);
    filled = 0;
  }

  private void emit(byte[] bytes, int length) throws TraceException {
    try {
      out.write(bytes, 0, length);
    } catch (IOException e) {
      throw TextWriter.unwritable(file, e);
    }
  }

  private static boolean isSameFile(Path from, Path to) {
    try {
      return Files.isSameFile(from, to);
    } catch (IOException absent) {
      return false;
    }
  }
}
