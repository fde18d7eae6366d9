package allocator.arena;

/** Which span of an arena has an integer. Guarded by the arena's lock. */
final class SpanLookup {
  private final Tags tags;
  private final boolean sorted;
  private long containsCalls;
  private long containsSearches;

  /**
   * Looks at the spans of an arena.
   *
   * @param sorted whether the spans are in rising order
   */
  SpanLookup(Tags tags, boolean sorted) {
    this.tags = tags;
    this.sorted = sorted;
  }

  /** {@return a span that has an address of the given range, or nobody; linear in the spans} */
  int overlapping(long base, long size) {
    long last = base + size - 1;
    for (int span = tags.kinPrevious(Tags.ANCHOR);
        span != Tags.ANCHOR;
        span = tags.kinPrevious(span)) {
      long spanLast = tags.end(span) - 1;
      if (!Numbers.above(tags.start(span), last) && !Numbers.below(spanLast, base)) {
        return span;
      }
      if (sorted && Numbers.below(spanLast, base)) {
        return Tags.NONE; // all others lie lower still
      }
    }
    return Tags.NONE;
  }

  /** {@return whether one span has all addresses of a range; linear in the spans} */
  boolean contains(long base, long size) {
    containsCalls++;
    if (size == 0 || Numbers.below(base + size - 1, base)) {
      return false;
    }
    for (int span = tags.kinNext(Tags.ANCHOR); span != Tags.ANCHOR; span = tags.kinNext(span)) {
      containsSearches++;
      if (!Numbers.below(base, tags.start(span))
          && !Numbers.above(base + size - 1, tags.end(span) - 1)) {
        return true;
      }
    }
    return false;
  }

  /** {@return how often {@link #contains} was asked so far} */
  long containsCalls() {
    return containsCalls;
  }

  /** {@return the number of spans that {@link #contains} looked at so far} */
  long containsSearches() {
    return containsSearches;
  }
}
