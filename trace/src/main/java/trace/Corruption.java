package trace;

import java.util.Locale;

/**
 * One block that a checked replay found damaged or misplaced.
 *
 * @param kind what is wrong
 * @param event number of the event at which it was found, from 0; the number of events after the
 *     last one
 * @param id the block's id in the trace
 * @param address the block's address
 * @param offset the first wrong byte, from the block's beginning
 * @param expected the byte that should be there, 0 to 255; for a misaligned block the remainder 0
 * @param found the byte that is there, 0 to 255; for a misaligned block 0
 */
public record Corruption(
    Kind kind, long event, long id, long address, long offset, int expected, int found) {

  /** What can be wrong with a block. */
  public enum Kind {
    /** A byte is not the one that was written there. */
    CONTENT,
    /** A byte of a block that was to be born zeroed is not zero. */
    NOT_ZERO,
    /** A byte was not preserved by a resize. */
    NOT_PRESERVED,
    /** The address is not a multiple of the alignment asked for. */
    MISALIGNED,
    /** The block lies partly or wholly outside the heap's memory. */
    OUTSIDE
  }

  /** Returns one line for people: event, block, address, and what differs. */
  @Override
  public String toString() {
    String where = String.format(Locale.ROOT, "event %d: block %d at 0x%x: ", event, id, address);
    return where
        + switch (kind) {
          case CONTENT -> bytes("was overwritten");
          case NOT_ZERO -> bytes("was not zeroed");
          case NOT_PRESERVED -> bytes("was not preserved by the resize");
          case MISALIGNED -> "is not aligned as asked";
          case OUTSIDE -> "lies outside the heap's memory";
        };
  }

  private String bytes(String what) {
    return String.format(
        Locale.ROOT, "%s: offset %d holds 0x%02x, not 0x%02x", what, offset, found, expected);
  }
}
