package workbench.load;

import java.util.Locale;

/**
 * One block that a load found damaged or misplaced.
 *
 * @param kind what is wrong
 * @param thread index of the thread that found it, from 0
 * @param operation number of that thread's call, from 1
 * @param address the block's address
 * @param bytes the size that was asked for
 * @param offset the first wrong byte, from the block's beginning; 0 if no byte is wrong
 * @param expected the byte that should be there; for {@link Kind#MISALIGNED} the alignment
 * @param found the byte that is there; for {@link Kind#TOO_SMALL} the usable size
 */
public record Damage(
    Kind kind,
    int thread,
    long operation,
    long address,
    long bytes,
    long offset,
    long expected,
    long found) {
  /** What can be wrong with a block. */
  public enum Kind {
    /** A byte is not the one that was written there: somebody else wrote to it. */
    CONTENT,
    /** A byte of a block that was to be born zeroed is not zero. */
    NOT_ZERO,
    /** A byte was not kept by a resize. */
    NOT_PRESERVED,
    /** The address is not a multiple of the alignment asked for. */
    MISALIGNED,
    /** The block lies partly or wholly outside the heap's memory. */
    OUTSIDE,
    /** The usable size is less than what was asked for. */
    TOO_SMALL
  }

  /** Returns one line for people: thread, call, block, and what differs. */
  @Override
  public String toString() {
    return String.format(
            Locale.ROOT,
            "thread %d, operation %d: block of %d bytes at 0x%x ",
            thread,
            operation,
            bytes,
            address)
        + switch (kind) {
          case CONTENT -> wrongByte("was overwritten");
          case NOT_ZERO -> wrongByte("was not zeroed");
          case NOT_PRESERVED -> wrongByte("was not preserved by a resize");
          case MISALIGNED -> "is not aligned to " + expected;
          case OUTSIDE -> "lies outside the heap's memory";
          case TOO_SMALL -> "has a usable size of only " + found;
        };
  }

  private String wrongByte(String what) {
    return String.format(
        Locale.ROOT, "%s: offset %d holds 0x%02x, not 0x%02x", what, offset, found, expected);
  }
}
