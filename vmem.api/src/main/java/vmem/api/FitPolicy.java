package vmem.api;

/** Which of several free segments that would do is taken. */
public enum FitPolicy {
  /** The first of a power-of-two free list whose every member is large enough: constant time. */
  INSTANT,
  /** The smallest segment that is large enough, and of several such the one freed last. */
  BEST,
  /**
   * The first that is large enough in the allocator's own order. What that is, the allocator says:
   * an arena with power-of-two lists takes the one freed last of the lowest list that has one; an
   * address-ordered allocator takes the lowest address.
   */
  FIRST,
  /**
   * The first one behind the previous allocation, so that addresses are reused as late as possible.
   */
  NEXT
}
