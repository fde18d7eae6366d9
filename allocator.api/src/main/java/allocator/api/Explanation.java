package allocator.api;

import java.util.List;
import java.util.OptionalLong;

/**
 * How an allocator would serve a request, as it is at this moment: what it looks at, what it
 * refuses and why, and what it takes.
 *
 * @param steps in the order in which they would be taken, each a sentence in the terms of the
 *     allocator's model, with addresses and sizes
 * @param place where the range will lie; empty if that depends on the tier below, or nothing is
 *     placed
 */
public record Explanation(List<String> steps, OptionalLong place) {
  /** Copies the steps. */
  public Explanation {
    steps = List.copyOf(steps);
  }
}
