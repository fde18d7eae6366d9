package trace;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * The lines of a trace, one at a time, with a cursor that takes fields from the current line. No
 * object is made per line: numbers are computed from the bytes of the buffer.
 *
 * <p>A field is ended by a space, a tab or the end of the line; fields are separated by one or more
 * of the former two. A carriage return before the line feed belongs to the line's end.
 */
public final class LineSource implements AutoCloseable {
  /** What to do about a line that is wrong. */
  public static final String FORMAT_REMEDY = "docs/formats.md describes the format";

  /** Also the longest line: a path (4096 bytes at most) and a few numbers fit many times. */
  private static final int BUFFER_BYTES = 1 << 16;

  private static final int SHOWN_BYTES = 100;
  private static final int DECIMAL = 10;
  private static final int HEXADECIMAL = 16;
  private static final long LARGEST_TENTH = Long.MAX_VALUE / DECIMAL;

  private final TraceInput input;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int filled;
  private int lineStart;
  private int lineEnd;
  private int nextStart;
  private int cursor;
  private long lineNumber;
  private boolean again;
  private LongSupplier events = () -> 0;

  LineSource(TraceInput input) {
    this.input = input;
  }

  /**
   * Opens a file.
   *
   * @param file a plain, gzip or zstd file
   * @return its lines, before the first
   * @throws TraceException if the file is missing, a directory, or packed otherwise
   */
  public static LineSource open(Path file) throws TraceException {
    return new LineSource(TraceInput.open(file));
  }

  /**
   * Takes lines from a stream, which is then owned.
   *
   * @param stream plain, gzip or zstd bytes
   * @param name what error messages call it
   * @return its lines, before the first
   * @throws TraceException if the stream cannot be read
   */
  public static LineSource of(InputStream stream, String name) throws TraceException {
    return new LineSource(TraceInput.of(name, stream, -1));
  }

  TraceInput input() {
    return input;
  }

  /** Sets who knows how many events have been read, for messages about a file that breaks off. */
  public void countEvents(LongSupplier counter) {
    events = counter;
  }

  /** Returns the number of the current line, from 1; 0 before the first. */
  public long lineNumber() {
    return lineNumber;
  }

  /** Makes the next line the current one; false at the end of the trace. */
  public boolean next() throws TraceException {
    if (again) {
      again = false;
      cursor = lineStart;
      return true;
    }
    int feed = find(nextStart);
    if (feed < 0) {
      feed = findAfterRefill();
      if (feed < 0) {
        return false;
      }
    }
    lineStart = nextStart;
    cursor = lineStart;
    nextStart = feed + 1;
    lineEnd = feed > lineStart && buffer[feed - 1] == '\r' ? feed - 1 : feed;
    lineNumber++;
    return true;
  }

  /** Makes the following call of {@link #next} yield the current line once more. */
  public void pushBack() {
    again = true;
  }

  /** Returns the byte under the cursor, or -1 at the end of the line. */
  public int peek() {
    return cursor < lineEnd ? buffer[cursor] : -1;
  }

  /** Takes the byte under the cursor if it is {@code wanted}. */
  public boolean take(int wanted) {
    boolean there = peek() == wanted;
    cursor += there ? 1 : 0;
    return there;
  }

  /** Puts the cursor behind the last occurrence of the byte in the line; false if it has none. */
  boolean skipPast(int wanted) {
    int i = lineEnd - 1;
    while (i >= cursor && buffer[i] != wanted) {
      i--;
    }
    if (i < cursor) {
      return false;
    }
    cursor = i + 1;
    return true;
  }

  /** Moves the cursor over spaces and tabs. */
  public void skipBlanks() {
    while (cursor < lineEnd && isBlank(buffer[cursor])) {
      cursor++;
    }
  }

  /** Takes blanks and then a decimal number from 0 to 2^63 - 1; {@code what} names it in errors. */
  public long decimal(String what) throws TraceException {
    separate(what);
    return unseparatedDecimal(what);
  }

  private long unseparatedDecimal(String what) throws TraceException {
    int i = cursor;
    int begin = i;
    long value = 0;
    while (i < lineEnd) {
      int digit = buffer[i] - '0';
      if (digit < 0 || digit >= DECIMAL) {
        break;
      }
      if (value > LARGEST_TENTH || (value == LARGEST_TENTH && digit > 7)) {
        throw fail(what + " is larger than 9223372036854775807", FORMAT_REMEDY);
      }
      value = value * DECIMAL + digit;
      i++;
    }
    return number(what, begin, i, value);
  }

  /** As {@link #decimal}, for a number that the line may begin with. */
  long leadingDecimal(String what) throws TraceException {
    skipBlanks();
    return unseparatedDecimal(what);
  }

  /** As {@link #decimal}, for {@code 0x} and hexadecimal digits, or a plain 0. */
  long hexadecimal(String what) throws TraceException {
    separate(what);
    int i = cursor;
    if (i + 1 < lineEnd && buffer[i] == '0' && buffer[i + 1] == 'x') {
      i += 2;
    } else if (buffer[i] != '0') {
      throw fail(what + " does not begin with 0x", FORMAT_REMEDY);
    }
    return digits(what, i);
  }

  private long digits(String what, int begin) throws TraceException {
    int i = begin;
    long value = 0;
    while (i < lineEnd) {
      int digit = Character.digit(buffer[i], HEXADECIMAL);
      if (digit < 0) {
        break;
      }
      if (value >>> 59 != 0) {
        throw fail(what + " is larger than 0x7fffffffffffffff", FORMAT_REMEDY);
      }
      value = value * HEXADECIMAL + digit;
      i++;
    }
    return number(what, begin, i, value);
  }

  /** As {@link #hexadecimal}, without {@code 0x} before the digits. */
  long hexDigits(String what) throws TraceException {
    separate(what);
    return digits(what, cursor);
  }

  /** Takes blanks and then {@code word} if it stands there as a whole field. */
  public boolean takeWord(String word) {
    int begin = cursor;
    skipBlanks();
    int end = cursor + word.length();
    boolean whole = end == lineEnd || (end < lineEnd && isBlank(buffer[end]));
    for (int i = 0; whole && i < word.length(); i++) {
      whole = buffer[cursor + i] == word.charAt(i);
    }
    cursor = whole ? end : begin;
    return whole;
  }

  /** Checks that nothing but blanks follows. */
  public void endOfLine() throws TraceException {
    if (cursor != lineEnd) {
      skipBlanks();
      if (cursor != lineEnd) {
        throw fail("something follows the last field", FORMAT_REMEDY);
      }
    }
  }

  /** Returns the line as text, one character per byte, for the rare line that is not an event. */
  public String text() {
    return new String(buffer, lineStart, lineEnd - lineStart, StandardCharsets.ISO_8859_1);
  }

  /**
   * Returns the current line and those after it, as far as the buffer reaches, without passing over
   * them: what a format is recognised by.
   */
  public String head() {
    try {
      fill();
    } catch (TraceException later) {
      // Reading will fail again when it has come there, and then there are events to be counted.
    }
    return new String(buffer, lineStart, filled - lineStart, StandardCharsets.ISO_8859_1);
  }

  /** Returns an exception about the current line. */
  public TraceException fail(String reason, String remedy) {
    return new TraceException(input.file(), lineNumber, shown(), reason, remedy);
  }

  /** Returns an exception about the whole file. */
  public TraceException failWhole(String reason, String remedy) {
    return new TraceException(input.file(), 0, "", reason, remedy);
  }

  /** Closes the source after a failure, to which a failure to do so is added. */
  public void closeAfter(TraceException failure) {
    try {
      close();
    } catch (TraceException closing) {
      failure.addSuppressed(closing);
    }
  }

  @Override
  public void close() throws TraceException {
    input.close();
  }

  private void separate(String what) throws TraceException {
    int begin = cursor;
    skipBlanks();
    if (cursor == lineEnd) {
      throw fail(what + " is missing", FORMAT_REMEDY);
    }
    if (cursor == begin) {
      throw fail("no space before " + what, FORMAT_REMEDY);
    }
  }

  private long number(String what, int begin, int end, long value) throws TraceException {
    boolean ended = end == lineEnd || isBlank(buffer[end]);
    if (end == begin || !ended) {
      boolean negative = end == begin && buffer[begin] == '-';
      throw fail(what + (negative ? " is negative" : " is not a number"), FORMAT_REMEDY);
    }
    cursor = end;
    return value;
  }

  private static boolean isBlank(byte value) {
    return value == ' ' || value == '\t';
  }

  /** Returns the index of the first line feed from {@code from} on, or -1. */
  private int find(int from) {
    byte[] bytes = buffer;
    int end = filled;
    for (int i = from; i < end; i++) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** Moves the unfinished line to the front and reads until it is complete or the trace ends. */
  private int findAfterRefill() throws TraceException {
    System.arraycopy(buffer, nextStart, buffer, 0, filled - nextStart);
    filled -= nextStart;
    nextStart = 0;
    while (true) {
      int searched = filled;
      if (filled == buffer.length) {
        throw tooLong();
      }
      int got = input.read(buffer, filled, buffer.length - filled, events.getAsLong());
      if (got < 0) {
        return endWithoutFeed();
      }
      filled += got;
      int feed = find(searched);
      if (feed >= 0) {
        return feed;
      }
    }
  }

  private void fill() throws TraceException {
    int got = 0;
    while (got >= 0 && filled < buffer.length) {
      got = input.read(buffer, filled, buffer.length - filled, events.getAsLong());
      filled += Math.max(got, 0);
    }
  }

  /** Lets the last line of a file end without a line feed. */
  private int endWithoutFeed() {
    if (filled == 0) {
      return -1;
    }
    if (filled == buffer.length) {
      buffer = Arrays.copyOf(buffer, filled + 1);
    }
    buffer[filled] = '\n';
    filled++;
    return filled - 1;
  }

  private TraceException tooLong() {
    lineStart = 0;
    lineEnd = SHOWN_BYTES;
    lineNumber++;
    return fail(
        "the line is longer than " + (BUFFER_BYTES - 1) + " bytes", "is this a trace at all?");
  }

  private String shown() {
    StringBuilder shown = new StringBuilder();
    int end = Math.min(lineEnd, lineStart + SHOWN_BYTES);
    for (int i = lineStart; i < end; i++) {
      char c = (char) (buffer[i] & 0xff);
      if (c >= ' ' && c < 0x7f) {
        shown.append(c);
      } else {
        shown.append(String.format("\\x%02x", (int) c));
      }
    }
    return end < lineEnd ? shown.append("...").toString() : shown.toString();
  }
}
