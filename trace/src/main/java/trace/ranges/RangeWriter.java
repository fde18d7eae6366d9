package trace.ranges;

import java.io.OutputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import trace.TextWriter;
import trace.TraceException;

/** Writes Quarry's range trace text, plain or gzip. */
public final class RangeWriter implements AutoCloseable {
  private final TextWriter out;

  private RangeWriter(TextWriter out) {
    this.out = out;
  }

  /**
   * Creates a file, or empties it if it exists.
   *
   * @param file where to write; gzip if the name ends in {@code .gz}
   * @return the writer, before the first line
   * @throws TraceException if the file cannot be made
   */
  public static RangeWriter create(Path file) throws TraceException {
    return new RangeWriter(TextWriter.create(file));
  }

  /** Writes plain text to a stream, which the writer then owns. */
  public static RangeWriter to(OutputStream stream, String name) {
    return new RangeWriter(TextWriter.to(stream, name));
  }

  /** Writes the line that names the tier, after a comment of what the trace holds. */
  public void header(RangeSummary summary, String... remarks) throws TraceException {
    out.comment(
        "quarry range trace v1  program="
            + TextWriter.word(summary.program())
            + " ops="
            + summary.operations()
            + " ids="
            + summary.maps()
            + " spaces="
            + summary.spaces()
            + " threads="
            + summary.threads()
            + " peak_live_bytes="
            + summary.peakBytes());
    for (String remark : remarks) {
      out.comment(remark);
    }
    out.line("tier vmem");
  }

  /** Writes all events that the source still has. */
  public void writeAll(RangeSource source) throws TraceException {
    @Nullable RangeEvent event = source.read();
    while (event != null) {
      write(event);
      event = source.read();
    }
  }

  /** Writes an event. */
  public void write(RangeEvent e) throws TraceException {
    switch (e.operation()) {
      case MAP -> out.event('m', e.id(), e.bytes(), e.protection());
      case MAP_AT -> out.event('x', e.id(), e.other(), e.bytes(), e.protection());
      case OVERLAY -> out.event('o', e.id(), e.offset(), e.bytes(), e.protection());
      case UNMAP -> out.event('u', e.id(), e.offset(), e.bytes());
      case PROTECT -> out.event('p', e.id(), e.offset(), e.bytes(), e.protection());
      case RESIZE -> out.event('r', e.other(), e.id(), e.bytes());
      case BREAK -> out.event('b', e.bytes());
      case COPY -> out.event('k', e.other());
      case CLEAR -> out.event('e');
      case SPACE -> out.event('s', e.space());
      case THREAD -> out.event('t', e.thread());
    }
  }

  @Override
  public void close() throws TraceException {
    out.close();
  }
}
