package trace.ranges;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import trace.FormatDetector;
import trace.LineSource;
import trace.TraceException;
import trace.TraceFormat;

/** The events of a range trace's file, streamed. */
public abstract sealed class RangeReader implements RangeSource
    permits RangeTextReader, StraceReader {
  final LineSource lines;
  private final TraceFormat format;
  private final Map<String, Long> odd = new TreeMap<>();
  private boolean closed;

  RangeReader(TraceFormat format, LineSource lines) {
    this.format = format;
    this.lines = lines;
  }

  /**
   * Opens a file and finds out its format.
   *
   * @param file plain, gzip or zstd
   * @return the reader, before the first event
   * @throws TraceException if the file cannot be read or holds no range events
   */
  public static RangeReader open(Path file) throws TraceException {
    return open(LineSource.open(file), Optional.empty());
  }

  /**
   * Opens a file of a known format.
   *
   * @param file plain, gzip or zstd
   * @param format {@link TraceFormat#RANGES} or {@link TraceFormat#STRACE}
   * @return the reader, before the first event
   * @throws TraceException if the file cannot be read or the format has no range events
   */
  public static RangeReader open(Path file, TraceFormat format) throws TraceException {
    return open(LineSource.open(file), Optional.of(format));
  }

  /**
   * Reads from a stream, which the reader then owns, and finds out its format.
   *
   * @param stream plain, gzip or zstd
   * @param name what error messages call it
   * @return the reader, before the first event
   * @throws TraceException if the stream cannot be read or holds no range events
   */
  public static RangeReader of(InputStream stream, String name) throws TraceException {
    return open(LineSource.of(stream, name), Optional.empty());
  }

  private static RangeReader open(LineSource lines, Optional<TraceFormat> known)
      throws TraceException {
    try {
      TraceFormat format = known.isPresent() ? known.get() : FormatDetector.detect(lines);
      return switch (format) {
        case RANGES -> new RangeTextReader(lines);
        case STRACE -> new StraceReader(lines);
        default ->
            throw lines.failWhole(
                "is a " + format.title() + ": it holds no events of address ranges",
                "give a range trace or a log of strace");
      };
    } catch (TraceException e) {
      lines.closeAfter(e);
      throw e;
    }
  }

  /** Returns the format that the trace is read as. */
  public final TraceFormat format() {
    return format;
  }

  /** Returns what the reader left out, put in or could not tell, with how often it did. */
  public final Map<String, Long> oddities() {
    return odd;
  }

  /** Returns the time from the first to the last event, if the format tells times. */
  public Optional<Duration> span() {
    return Optional.empty();
  }

  @Override
  public abstract @Nullable RangeEvent read() throws TraceException;

  @Override
  public final void close() throws TraceException {
    if (!closed) {
      closed = true;
      lines.close();
    }
  }

  final void odd(String what) {
    odd.merge(what, 1L, Long::sum);
  }
}
