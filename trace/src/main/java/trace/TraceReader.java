package trace;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import trace.table.SlotTable;

/**
 * The events of a trace file, streamed: what is kept in memory is one batch, a read buffer and a
 * table of the blocks that are live. Files may be gzip, zstd or plain; which of these, and which
 * format, is seen from the first bytes.
 *
 * <p>A fault in the file is reported by {@link #read} at the place where it is: all events before
 * it are yielded first.
 */
public abstract sealed class TraceReader implements EventSource
    permits QuarryReader, MallocLabReader, MtraceReader, AddressReader {
  final LineSource lines;
  final SlotTable blocks = new SlotTable();
  private final TraceFormat format;
  private long events;
  private boolean failed;
  private boolean closed;
  private TraceException pending;

  /** Events of the batch that is being filled, on top of {@link #events}. */
  private LongSupplier filling = () -> 0;

  TraceReader(TraceFormat format, LineSource lines) {
    this.format = format;
    this.lines = lines;
    lines.countEvents(() -> events + filling.getAsLong());
    this.pending = lines.failWhole("was read beyond its end", "this is a defect of the reader");
  }

  /**
   * Opens a trace file and finds out its format.
   *
   * @param file a plain or gzip file
   * @return the reader, before the first event
   * @throws TraceException if the file is missing, empty, a directory or not a trace
   */
  public static TraceReader open(Path file) throws TraceException {
    return FormatDetector.open(TraceInput.open(file));
  }

  /**
   * Opens a trace file of a known format, whatever its first lines look like.
   *
   * @param file a plain or gzip file
   * @param format the format to read it as
   * @return the reader, before the first event
   * @throws TraceException if the file is missing, empty, a directory or not of that format
   */
  public static TraceReader open(Path file, TraceFormat format) throws TraceException {
    return FormatDetector.open(TraceInput.open(file), format);
  }

  /**
   * Reads a trace from a stream, which the reader then owns, and finds out its format.
   *
   * @param stream plain or gzip bytes
   * @param name what error messages call it
   * @return the reader, before the first event
   * @throws TraceException if the stream is empty or not a trace
   */
  public static TraceReader of(InputStream stream, String name) throws TraceException {
    return FormatDetector.open(TraceInput.of(name, stream, -1));
  }

  /** Returns the format that the trace is read as. */
  public final TraceFormat format() {
    return format;
  }

  /** Returns the number of events yielded so far, thread switches included. */
  public final long events() {
    return events;
  }

  /** Returns the number of the line read last, from 1; 0 before the first. */
  public final long line() {
    return lines.lineNumber();
  }

  /**
   * Returns how many frees or resizes named a block whose birth the trace does not hold. Only logs
   * of other tools may have them; they are left out of what is yielded.
   */
  public long foreignFrees() {
    return 0;
  }

  /**
   * Returns how many births reused the address of a block that was still live, because the log
   * misses its free. Only logs of other tools may have them; the missing free is put in.
   */
  public long missedFrees() {
    return 0;
  }

  /** Returns how many calls of the program failed or did nothing and are not yielded for that. */
  public long ignoredCalls() {
    return 0;
  }

  /**
   * Returns what the reader left out, put in or could not tell, in words, with how often it did;
   * complete when the trace has been read.
   */
  public Map<String, Long> oddities() {
    Map<String, Long> all = new LinkedHashMap<>();
    put(all, "frees of blocks born before the log, left out", foreignFrees());
    put(all, "frees that the log lacks, put in", missedFrees());
    put(all, "calls that failed or did nothing, left out", ignoredCalls());
    return all;
  }

  /** Returns which of a format's variants was found, empty if it has none. */
  public String variant() {
    return "";
  }

  /** Returns the time from the first to the last event, if the format tells times. */
  public Optional<Duration> span() {
    return Optional.empty();
  }

  @Override
  public String program() {
    return "";
  }

  @Override
  public final boolean read(EventBatch batch) throws TraceException {
    batch.begin(events);
    if (failed) {
      throw pending;
    }
    filling = batch::length;
    try {
      fill(batch);
    } catch (TraceException e) {
      failed = true;
      pending = e;
      if (batch.length == 0) {
        throw e;
      }
    }
    batch.end(blocks.limit());
    events += batch.length;
    return batch.length > 0;
  }

  /** Returns the bytes read from the file, before expansion. */
  @Override
  public final long position() {
    return lines.input().position();
  }

  /** Returns the bytes of the file, or -1 if it is a stream. */
  @Override
  public final long total() {
    return lines.input().total();
  }

  @Override
  public final void close() throws TraceException {
    if (!closed) {
      closed = true;
      lines.close();
    }
  }

  /** Adds events until the batch is full or the trace ends. */
  abstract void fill(EventBatch batch) throws TraceException;

  static void put(Map<String, Long> all, String what, long count) {
    if (count > 0) {
      all.put(what, count);
    }
  }

  /** Returns the error for a block that is born though its id is in use. */
  final TraceException bornTwice(String what) {
    return lines.fail(what + " is born a second time", LineSource.FORMAT_REMEDY);
  }
}
