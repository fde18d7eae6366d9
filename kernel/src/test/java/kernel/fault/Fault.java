package kernel.fault;

/** What a provider can do wrong. */
public enum Fault {
  /** Hands out a range that begins inside one that is live. */
  OVERLAP,
  /** Hands out a range that is not aligned. */
  MISALIGNED,
  /** Hands out what it does not hold. */
  OUTSIDE,
  /** Hands out the same range twice. */
  TWICE,
  /** Leaves a live range out of its walk and census. */
  LIES,
  /** Throws what no provider may throw. */
  THROWS,
  /** Does not return from the calls of a transfer. */
  HANGS,
  /** Does not close. */
  STAYS_OPEN
}
