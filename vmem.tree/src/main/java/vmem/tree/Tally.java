package vmem.tree;

/** The counts of one arena. Guarded by its lock. */
final class Tally {
  /** Bytes in live ranges, as their clients asked for them. */
  long liveBytes;

  /** Bytes in free areas. */
  long freeBytes;

  /** Bytes in guards of live ranges. */
  long guardBytes;

  /** Ranges handed out or taken over so far. */
  long allocations;

  /** Ranges freed so far. */
  long frees;

  /** Requests that were met with nothing. */
  long failures;

  /** Questions whether the arena contains a range. */
  long lookups;

  /** Ranges that took the whole of a free area. */
  long fullFits;

  /** Ranges that took the lower end of a free area. */
  long leftFits;

  /** Ranges that took the upper end of a free area. */
  long rightFits;

  /** Ranges that parted a free area in two. */
  long innerFits;
}
