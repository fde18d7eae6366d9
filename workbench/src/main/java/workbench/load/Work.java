package workbench.load;

import trace.TraceException;

/** What one thread of a load does, call by call. Used by one thread. */
sealed interface Work permits SyntheticWork, TraceWork {
  /**
   * Does a little: one call, or a few that belong together.
   *
   * @return false if there is nothing more to do
   * @throws TraceException if the trace cannot be read on
   */
  boolean step() throws TraceException;

  /** Verifies and frees what is held, as far as the heap lets it; then there are no more steps. */
  void drain();
}
