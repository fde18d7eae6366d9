package trace;

/**
 * Something that yields the events of one trace, in order and once: a file's reader or a generator.
 *
 * <p>Implementations of this interface live in this package only. Not safe for use by several
 * threads at once.
 */
public sealed interface EventSource extends AutoCloseable
    permits TraceReader, SyntheticTrace, RecordingReader {
  /**
   * Replaces the contents of {@code batch} by the next events.
   *
   * @param batch the batch to fill
   * @return false, with the batch empty, if there are no more events
   * @throws TraceException if the trace cannot be read on; the events before the fault have been
   *     yielded by earlier calls
   */
  boolean read(EventBatch batch) throws TraceException;

  /** Returns the program whose trace this is, or the empty string if the trace does not say. */
  String program();

  /**
   * Returns how far reading has come, in units of {@link #total}: bytes of a file, or operations.
   */
  long position();

  /** Returns the position at the end of the trace, or -1 if it is not known beforehand. */
  long total();

  /** Closes the file that lies below, if there is one. Closing twice has no effect. */
  @Override
  void close() throws TraceException;
}
