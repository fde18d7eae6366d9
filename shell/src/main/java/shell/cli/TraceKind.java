package shell.cli;

import java.io.IOException;
import java.io.PrintStream;
import workbench.ReplayRequest;

/** How traces of one tier are replayed and shown. */
interface TraceKind {
  /** What came of one replay. */
  interface Played {
    /** {@return the JSON object, on one line} */
    String json();

    /** {@return whether nothing failed, nothing was wrong, and everything went home} */
    boolean good();

    /**
     * Prints it.
     *
     * @param brief whether it is one of several stacks, to be shown in a line
     */
    void print(boolean brief, PrintStream out);
  }

  /**
   * Replays a trace.
   *
   * @throws IOException if it cannot be read
   */
  Played play(ReplayRequest request) throws IOException;

  /** Prints what is to be said after a trace was replayed on several stacks. */
  default void endOfTrace(PrintStream out) {}
}
