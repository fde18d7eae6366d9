package trace;

import java.util.List;

/**
 * What came of replaying one trace. The levels are simulated quantities and the same on every run;
 * the time is wall-clock time of this machine.
 *
 * @param operations events that are not thread switches
 * @param failures births that the heap had no memory for
 * @param corruptions blocks found damaged; 0 if the replay was not checked
 * @param firstCorruptions the first few of them, at most {@value #KEPT_CORRUPTIONS}
 * @param peak the most that was live or held, each figure at its own moment
 * @param last what was live and held after the last event
 * @param leakedBlocks blocks that the program left and the replayer freed, 0 if it kept them
 * @param wallNanos nanoseconds spent executing events, reading the trace not included
 */
public record ReplayResult(
    long operations,
    long failures,
    long corruptions,
    List<Corruption> firstCorruptions,
    Levels peak,
    Levels last,
    long leakedBlocks,
    long wallNanos) {

  /** Enough to see a pattern, few enough to read. */
  public static final int KEPT_CORRUPTIONS = 10;

  /** Copies the list. */
  public ReplayResult {
    firstCorruptions = List.copyOf(firstCorruptions);
  }
}
