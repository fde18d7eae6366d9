package workbench.compare;

/** Is shown each birth of a counted run. */
@FunctionalInterface
interface BirthWatch {
  /**
   * Takes a birth.
   *
   * @param number its number from 0
   * @param event the event's number from 0
   * @param id the block's id in the trace
   * @param bytes bytes asked for
   * @param place its address relative to the first block, or {@link Placements#NOWHERE}
   * @return whether to go on with the replay
   */
  boolean birth(long number, long event, long id, long bytes, long place);
}
