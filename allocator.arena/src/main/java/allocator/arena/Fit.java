package allocator.arena;

/** Which of several free segments that would do is taken. */
public enum Fit {
  /** The first of a power-of-two free list whose every member is large enough: constant time. */
  INSTANT,
  /** The smallest segment that is large enough, and of several such the one freed last. */
  BEST,
  /** The first that is large enough of the lowest power-of-two free list that has one. */
  FIRST,
  /** The first one behind the previous allocation, so that integers are reused late. */
  NEXT
}
