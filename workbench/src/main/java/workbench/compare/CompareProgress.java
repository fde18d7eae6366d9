package workbench.compare;

/** Is told how far a comparison has come; called by several threads. */
public interface CompareProgress {
  /**
   * Is told of work done.
   *
   * @param units units of work since the last call: events
   */
  void advanced(long units);

  /**
   * Is told that the units of this comparison add up to so many.
   *
   * @param total the sum
   */
  default void begun(long total) {}

  /**
   * Is told that a cell is done in one phase.
   *
   * @param what the cell and the phase, for people
   * @param stored whether its figures were in the state file
   */
  default void finished(String what, boolean stored) {}

  /** {@return whether to stop as soon as possible} */
  default boolean stopping() {
    return false;
  }
}
