package hardware.api.map;

/**
 * One range as the firmware map states it, with the input line that says so.
 *
 * <p>Both ends are inclusive, since an exclusive end of 2^64 has no {@code long}. For a {@linkplain
 * RangeShape#REVERSED reversed} entry the two are as written; for an {@linkplain RangeShape#EMPTY
 * empty} one {@code last} equals {@code first} and is not covered.
 *
 * @param first first address in bytes, unsigned
 * @param last last address in bytes, unsigned, inclusive
 * @param shape whether the two make a range
 * @param type what the range is for
 * @param typeText the type as the input spells it
 * @param line number of the input line where the entry begins, from 1
 * @param lastLine number of the input line where it ends: more than {@code line} if mail wrapped it
 * @param text the input line, cleaned of time stamps, quoting and wraps
 */
public record MapEntry(
    long first,
    long last,
    RangeShape shape,
    MemoryType type,
    String typeText,
    int line,
    int lastLine,
    String text) {

  /** {@return whether the entry covers at least one byte} */
  public boolean covers() {
    return shape == RangeShape.PROPER || shape == RangeShape.OVERFLOWING;
  }

  /** {@return bytes covered, unsigned; 0 also stands for all 2^64 of them} */
  public long size() {
    return covers() ? last - first + 1 : 0;
  }
}
