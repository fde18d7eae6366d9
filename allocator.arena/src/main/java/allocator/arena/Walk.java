package allocator.arena;

import allocator.api.RangeVisitor;
import java.util.Arrays;

/** Shows the segments and spans of an arena in rising order. The caller has the arena's lock. */
final class Walk {
  private Walk() {}

  /**
   * Shows the segments of one type with their notes.
   *
   * @return whether the visitor wanted all of them
   */
  static boolean segments(Tags tags, int type, RangeVisitor visitor) {
    for (int span : spansInOrder(tags)) {
      for (int tag = tags.next(span); tags.type(tag) != Tags.SPAN; tag = tags.next(tag)) {
        if (tags.type(tag) == type
            && !visitor.visit(tags.start(tag), tags.size(tag), tags.note(tag))) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Shows the spans.
   *
   * @return whether the visitor wanted all of them
   */
  static boolean spans(Tags tags, RangeVisitor visitor) {
    for (int span : spansInOrder(tags)) {
      long imported = tags.isImported(span) ? 1 : 0;
      if (!visitor.visit(tags.start(span), tags.size(span), imported)) {
        return false;
      }
    }
    return true;
  }

  /** {@return the span markers in rising order of address; imported ones come in any order} */
  static int[] spansInOrder(Tags tags) {
    int[] spans = new int[16];
    int count = 0;
    boolean sorted = true;
    for (int span = tags.kinNext(Tags.ANCHOR); span != Tags.ANCHOR; span = tags.kinNext(span)) {
      if (count == spans.length) {
        spans = Arrays.copyOf(spans, 2 * count);
      }
      sorted &= count == 0 || Numbers.above(tags.start(span), tags.start(spans[count - 1]));
      spans[count++] = span;
    }
    spans = Arrays.copyOf(spans, count);
    return sorted ? spans : sort(tags, spans);
  }

  private static int[] sort(Tags tags, int[] spans) {
    return Arrays.stream(spans)
        .boxed()
        .sorted((a, b) -> Long.compareUnsigned(tags.start(a), tags.start(b)))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
