package workbench;

import java.util.ArrayList;
import java.util.List;

/** What a shadow found to be wrong: all are counted, the first few are told. */
public final class Findings {
  private static final int MOST_TOLD = 10;

  private final List<String> first = new ArrayList<>();
  private long count;

  /** Makes an empty list. */
  public Findings() {}

  /**
   * Takes one.
   *
   * @param text a sentence that names the event's block or range, what was expected and seen
   */
  public void add(String text) {
    count++;
    if (first.size() < MOST_TOLD) {
      first.add(text);
    }
  }

  /** {@return how many there were} */
  public long count() {
    return count;
  }

  /** {@return the first ones, at most ten} */
  public List<String> first() {
    return List.copyOf(first);
  }
}
