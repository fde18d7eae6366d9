package hardware.api.map;

/**
 * One thing that the sanitiser decided, and the input line that made it necessary.
 *
 * @param kind what was decided
 * @param start first address in bytes that the decision is about, unsigned
 * @param end address in bytes after the last one, unsigned; equal to {@code start} if no byte is
 *     affected
 * @param entry the entry that caused the decision
 * @param message one sentence with the values concerned
 */
public record Decision(Kind kind, long start, long end, MapEntry entry, String message) {
  /** What a sanitiser may decide, and how much that matters. */
  public enum Kind {
    /** The entry begins below its predecessor: the map was not sorted. */
    SORTED(Severity.INFO),
    /** The entry covers no byte and was left out. */
    EMPTY_DROPPED(Severity.INFO),
    /** The entry ends before it begins, or past 2^64, and was left out. */
    WRAPPED_DROPPED(Severity.WARNING),
    /** The part of the entry above the physical address space was left out. */
    CLIPPED(Severity.WARNING),
    /** The entry repeats an earlier one. */
    DUPLICATE(Severity.INFO),
    /** The entry overlaps another of the same use. */
    OVERLAP(Severity.WARNING),
    /** The entry takes bytes away from usable ranges. */
    TAKEN(Severity.WARNING),
    /** The entry continues a usable range, which therefore stays one span. */
    MERGED(Severity.INFO),
    /** A usable span lost a part of a page at one of its ends. */
    ROUNDED_INWARD(Severity.INFO),
    /** A usable span holds no whole page and was left out. */
    SUBPAGE_DROPPED(Severity.INFO),
    /** A reserved range was widened to whole pages. */
    ROUNDED_OUTWARD(Severity.INFO);

    private final Severity severity;

    Kind(Severity severity) {
      this.severity = severity;
    }

    /** {@return how much decisions of this kind matter} */
    public Severity severity() {
      return severity;
    }
  }
}
