package allocator.arena;

/**
 * The search of an arena's free lists for a segment with room within constraints. Guarded by the
 * arena's lock.
 */
final class Search {
  private final Tags tags;
  private final FreeLists free;
  private long found;
  private long steps;

  Search(Tags tags, FreeLists free) {
    this.tags = tags;
    this.free = free;
  }

  /**
   * Looks for a free segment; {@link #found} is where in it the range has to lie.
   *
   * @param size bytes, at least 1
   * @param bounds the constraints
   * @param policy the policy; next fit counts as instant fit
   * @return the segment, still free, or nobody
   */
  int find(long size, Bounds bounds, Fit policy) {
    int best = Tags.NONE;
    int first = firstList(size, policy);
    int list = free.lowestFrom(first);
    while (list >= 0 && best == Tags.NONE) {
      best = findOnList(list, size, bounds, policy);
      list = free.lowestFrom(list + 1);
    }
    int below = FreeLists.listOf(size);
    return best == Tags.NONE && below < first ? findOnList(below, size, bounds, policy) : best;
  }

  private int findOnList(int list, long size, Bounds bounds, Fit policy) {
    int best = Tags.NONE;
    for (int tag = free.first(list); tag != Tags.NONE; tag = tags.kinNext(tag)) {
      steps++;
      if (bounds.place(tags.start(tag), tags.end(tag), size)
          && (best == Tags.NONE || Numbers.below(tags.size(tag), tags.size(best)))) {
        best = tag;
        found = bounds.placed();
        if (policy != Fit.BEST || tags.size(tag) == size) {
          return best;
        }
      }
    }
    steps++; // the original counts the end of a list as well
    return best;
  }

  /**
   * The first list that is certain to serve a request without constraints, or the one below it
   * where that is worth a try; constraints may leave nothing but that one.
   */
  private int firstList(long size, Fit policy) {
    int list = FreeLists.listOf(size);
    if (Numbers.isPower(size)
        || list == FreeLists.COUNT - 1
        || policy == Fit.BEST
        || policy == Fit.FIRST
        || free.map() >>> (list + 1) == 0) {
      return list;
    }
    return list + 1;
  }

  /** {@return the address that the last successful {@link #find} chose} */
  long found() {
    return found;
  }

  /** Counts a segment that was looked at elsewhere. */
  void noteStep() {
    steps++;
  }

  /** {@return the number of segments looked at so far} */
  long steps() {
    return steps;
  }
}
