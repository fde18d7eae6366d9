package trace;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** A cursor over the records of one chunk of a recording, ordered by the number it stands at. */
final class RecordingChunk implements Comparable<RecordingChunk> {
  static final int RECORD_BYTES = 32;

  static final int MALLOC = 1;
  static final int CALLOC = 2;
  static final int ALIGNED = 3;
  static final int FREE = 4;
  static final int RESIZE_BEGIN = 5;
  static final int RESIZE_END = 6;
  static final int THREAD = 7;

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String file;
  private final MemorySegment data;
  private final long end;
  private long at;
  private long number = -1;
  private int operation;
  private int thread = -1;

  RecordingChunk(String file, MemorySegment data, long start, long end) {
    this.file = file;
    this.data = data;
    this.at = start - RECORD_BYTES;
    this.end = end;
  }

  /** Goes on to the next record that was written; false if there is none. */
  boolean advance() throws TraceException {
    at += RECORD_BYTES;
    while (at + RECORD_BYTES <= end) {
      long word = data.get(LONG, at);
      if (word != 0) {
        take(word);
        return true;
      }
      at += RECORD_BYTES;
    }
    return false;
  }

  int operation() {
    return operation;
  }

  long address() {
    return data.get(LONG, at + 8);
  }

  long size() {
    return data.get(LONG, at + 16);
  }

  long extra() {
    return data.get(LONG, at + 24);
  }

  /** Returns the count or alignment, after a look at whether it is one. */
  long checkedExtra() throws TraceException {
    long extra = extra();
    boolean good =
        operation == CALLOC
            ? extra >= 0 && Math.multiplyHigh(extra, size()) == 0 && extra * size() >= 0
            : extra > 0 && Long.bitCount(extra) == 1;
    if (!good) {
      throw fail(operation == CALLOC ? "has too large a product" : "has a wrong alignment");
    }
    return extra;
  }

  void setThread(int index) {
    thread = index;
  }

  int thread() throws TraceException {
    if (thread < 0) {
      throw fail("comes before the chunk's thread");
    }
    return thread;
  }

  @Override
  public int compareTo(RecordingChunk other) {
    return Long.compare(number, other.number);
  }

  private void take(long word) throws TraceException {
    long next = word >>> 8;
    operation = (int) (word & 0xff);
    if (operation < MALLOC || operation > THREAD) {
      throw fail("has operation " + operation + ", which is none");
    }
    if (next <= number) {
      throw fail("has number " + next + " after " + number);
    }
    if (size() < 0) {
      throw fail("has a size beyond 2^63");
    }
    number = next;
  }

  private TraceException fail(String reason) {
    return new TraceException(
        file, 0, "", "is damaged: the record at byte " + at + " " + reason, "record it again");
  }
}
