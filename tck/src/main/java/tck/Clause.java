package tck;

/**
 * One numbered clause of a tier's contract.
 *
 * @param id such as {@code heap.3}: the tier, or {@code allocator} for what all tiers share, and a
 *     number that is never given to another clause
 * @param place the type and method of the API whose {@code @implSpec} says it
 * @param text what must hold, word for word as the API has it
 */
public record Clause(String id, String place, String text) {
  /** {@return the part before the number: a tier's label, or {@code allocator}} */
  public String chapter() {
    return id.substring(0, id.indexOf('.'));
  }

  @Override
  public String toString() {
    return "[" + id + "] " + text;
  }
}
