package trace.ranges;

import org.jspecify.annotations.Nullable;
import trace.TraceException;

/** Something that yields the events of one range trace, in order and once. */
public interface RangeSource extends AutoCloseable {
  /**
   * Returns the next event, or null at the end of the trace.
   *
   * @throws TraceException if the trace cannot be read on
   */
  @Nullable RangeEvent read() throws TraceException;

  /** Returns what the trace was recorded from, or the empty string if it does not say. */
  String program();

  /** Closes the file that lies below, if there is one. Closing twice has no effect. */
  @Override
  void close() throws TraceException;
}
