package workbench.load;

import java.util.List;

/**
 * What a load is doing, and what came of it so far.
 *
 * @param state whether it goes on
 * @param threads number of its threads
 * @param paced whether calls are made at a steady pace; latencies then count from the moment at
 *     which a call was due, else they are corrected for the calls that a waiting thread did not
 *     make
 * @param sinceStart all of it
 * @param sinceMark from the last mark on; all of it if there was none
 * @param liveBlocks blocks that the load holds; after its end, those that it could not free
 * @param liveBytes requested bytes of these
 * @param firstFailures the first few failures, a line each
 * @param firstDamages the first few corruptions
 */
public record LoadStatus(
    State state,
    int threads,
    boolean paced,
    LoadInterval sinceStart,
    LoadInterval sinceMark,
    long liveBlocks,
    long liveBytes,
    List<String> firstFailures,
    List<Damage> firstDamages) {
  /** Whether a load goes on. */
  public enum State {
    /** Its threads make calls. */
    RUNNING("running"),
    /** Its threads verify and free what they hold. */
    ENDING("ending"),
    /** The trace is at its end, or the time is over. */
    FINISHED("finished"),
    /** Somebody stopped it. */
    STOPPED("stopped"),
    /** The system that it called was closed. */
    SYSTEM_CLOSED("ended with its system");

    private final String label;

    State(String label) {
      this.label = label;
    }

    /** {@return what reports call it} */
    public String label() {
      return label;
    }
  }

  /** Copies the lists. */
  public LoadStatus {
    firstFailures = List.copyOf(firstFailures);
    firstDamages = List.copyOf(firstDamages);
  }

  /** {@return whether its threads still make calls, be it to free what they hold} */
  public boolean goesOn() {
    return state == State.RUNNING || state == State.ENDING;
  }

  /** {@return whether nothing failed, nothing was damaged, and nothing is left after the end} */
  public boolean good() {
    return sinceStart.failures() == 0
        && sinceStart.corruptions() == 0
        && (goesOn() || liveBlocks == 0);
  }
}
