package trace;

/** A receiver of the address that each block of a trace is given, in the order of their births. */
@FunctionalInterface
public interface PlacementSink {
  /**
   * Takes one birth.
   *
   * @param id the block's id in the trace
   * @param address where it was placed, never 0: a failed birth is not told
   * @throws TraceException if the placements cannot be kept
   */
  void placed(long id, long address) throws TraceException;
}
