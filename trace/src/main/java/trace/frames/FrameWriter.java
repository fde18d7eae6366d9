package trace.frames;

import java.io.OutputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import trace.TextWriter;
import trace.TraceException;

/** Writes Quarry's frame trace text, plain or gzip. */
public final class FrameWriter implements AutoCloseable {
  private final TextWriter out;

  private FrameWriter(TextWriter out) {
    this.out = out;
  }

  /**
   * Creates a file, or empties it if it exists.
   *
   * @param file where to write; gzip if the name ends in {@code .gz}
   * @return the writer, before the first line
   * @throws TraceException if the file cannot be made
   */
  public static FrameWriter create(Path file) throws TraceException {
    return new FrameWriter(TextWriter.create(file));
  }

  /** Writes plain text to a stream, which the writer then owns. */
  public static FrameWriter to(OutputStream stream, String name) {
    return new FrameWriter(TextWriter.to(stream, name));
  }

  /** Writes the line that names the tier, after a comment of what the trace holds. */
  public void header(FrameSummary summary, String... remarks) throws TraceException {
    out.comment(
        "quarry frame trace v1  program="
            + TextWriter.word(summary.program())
            + " ops="
            + summary.operations()
            + " ids="
            + summary.allocations()
            + " cpus="
            + summary.cpus()
            + " peak_live_frames="
            + summary.peakFrames());
    for (String remark : remarks) {
      out.comment(remark);
    }
    out.line("tier physmem");
  }

  /** Writes all events that the source still has. */
  public void writeAll(FrameSource source) throws TraceException {
    @Nullable FrameEvent event = source.read();
    while (event != null) {
      write(event);
      event = source.read();
    }
  }

  /** Writes an event. */
  public void write(FrameEvent event) throws TraceException {
    switch (event.operation()) {
      case ALLOCATE -> out.event('p', event.id(), event.order(), event.flags());
      case FREE -> out.event('q', event.id());
      case CPU -> out.event('t', event.cpu());
    }
  }

  @Override
  public void close() throws TraceException {
    out.close();
  }
}
