package physmem.llfree;

/** What a newly opened allocator takes to be the state of its frames. */
enum Init {
  /** Every frame is free. */
  FREE,

  /** Every frame is allocated: children as blocks of order 9, what is left as single frames. */
  ALLOCATED,

  /** What the store says, after a crash; counts are corrected if the end was not an orderly one. */
  RECOVER,

  /** What the store says; nothing is corrected. */
  TRUST;

  boolean needsStore() {
    return this == RECOVER || this == TRUST;
  }
}
