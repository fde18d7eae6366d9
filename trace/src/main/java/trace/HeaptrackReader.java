package trace;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Reads what KDE's heaptrack records, file format 1 to 3 (heaptrack 1.0 to 1.5): the raw stream of
 * its preloaded library, and the interpreted one that {@code heaptrack_interpret} makes of it and
 * that {@code heaptrack} leaves behind. All numbers are hexadecimal without {@code 0x}.
 *
 * <p>In a raw file {@code + SIZE TRACE ADDRESS} is a birth and {@code - ADDRESS} a death. In an
 * interpreted one {@code a SIZE TRACE} describes a kind of allocation, numbered from 0, of which
 * {@code + KIND} and {@code - KIND} make one more or one less: which block of a kind dies is not
 * told, and this reader takes the youngest. Both have {@code c MILLISECONDS} now and then.
 *
 * <p>Neither tells threads, zeroed or aligned allocations; a resize is a death and a birth.
 */
final class HeaptrackReader extends AddressReader {
  private static final long NEWEST = 3;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final String ANONYMOUS = "-";

  /** Letters of lines that are no events: names, modules, traces, memory in use, suppressions. */
  private static final String OTHERS = "xXImtsiSRA#";

  private static final String RAW_ONLY = "xm";
  private static final String INTERPRETED_ONLY = "sia";

  private enum Kind {
    UNKNOWN,
    RAW,
    INTERPRETED
  }

  /** What other lines look like; a command of several lines goes on where one does not. */
  private static final Pattern LINE = Pattern.compile("[-+#a-zA-Z] [0-9a-f]+( .*)?");

  private Kind kind = Kind.UNKNOWN;
  private boolean inCommand;
  private String program = "";

  // Of an interpreted file: for each kind of allocation its size and its youngest live block, for
  // each block (by its slot) the one that is next younger than it. Blocks are keyed by serial.
  private long[] sizeOfKind = new long[64];
  private int[] youngest = new int[64];
  private int[] older = new int[64];
  private int kinds;
  private long serial;

  HeaptrackReader(LineSource lines) {
    super(TraceFormat.HEAPTRACK, lines);
  }

  @Override
  public String program() {
    return program;
  }

  @Override
  public String variant() {
    return switch (kind) {
      case UNKNOWN -> "";
      case RAW -> "raw";
      case INTERPRETED -> "interpreted";
    };
  }

  @Override
  void line(EventBatch batch) throws TraceException {
    int letter = lines.peek();
    inCommand = inCommand && !LINE.matcher(lines.text()).matches();
    if (letter < 0 || inCommand) {
      return;
    }
    learnKind(letter);
    lines.take(letter);
    switch (letter) {
      case '+' -> birth(batch);
      case '-' -> death(batch);
      case 'a' -> describe();
      case 'c' -> clock.at(milliseconds());
      case 'v' -> version();
      case 'X' -> name();
      default -> other(letter);
    }
  }

  private void learnKind(int letter) throws TraceException {
    boolean raw = RAW_ONLY.indexOf(letter) >= 0;
    boolean interpreted = INTERPRETED_ONLY.indexOf(letter) >= 0;
    if ((raw && kind == Kind.INTERPRETED) || (interpreted && kind == Kind.RAW)) {
      throw lines.fail("raw and interpreted lines are mixed", LineSource.FORMAT_REMEDY);
    }
    if (raw) {
      kind = Kind.RAW;
    } else if (interpreted) {
      kind = Kind.INTERPRETED;
    }
  }

  private void birth(EventBatch batch) throws TraceException {
    if (kind == Kind.INTERPRETED) {
      birthOfKind(kindIndex(), batch);
      return;
    }
    kind = Kind.RAW;
    long bytes = lines.hexDigits("size");
    lines.hexDigits("backtrace");
    long address = lines.hexDigits("address");
    lines.endOfLine();
    allocate(address, bytes, batch);
  }

  private void death(EventBatch batch) throws TraceException {
    if (kind == Kind.INTERPRETED) {
      deathOfKind(kindIndex(), batch);
      return;
    }
    long address = lines.hexDigits("address");
    lines.endOfLine();
    free(address, batch);
  }

  private void describe() throws TraceException {
    long bytes = lines.hexDigits("size");
    lines.hexDigits("backtrace");
    lines.endOfLine();
    if (kinds == sizeOfKind.length) {
      sizeOfKind = Arrays.copyOf(sizeOfKind, kinds * 2);
      youngest = Arrays.copyOf(youngest, kinds * 2);
    }
    sizeOfKind[kinds] = bytes;
    youngest[kinds] = EventBatch.NO_SLOT;
    kinds++;
  }

  private int kindIndex() throws TraceException {
    long index = lines.hexDigits("allocation");
    lines.endOfLine();
    if (index >= kinds) {
      throw lines.fail(
          "allocation " + Long.toHexString(index) + " has not been described",
          LineSource.FORMAT_REMEDY);
    }
    return (int) index;
  }

  private void birthOfKind(int index, EventBatch batch) {
    long key = serial;
    serial++;
    allocate(key, sizeOfKind[index], batch);
    int slot = blocks.find(key);
    if (slot >= older.length) {
      older = Arrays.copyOf(older, slot * 2);
    }
    older[slot] = youngest[index];
    youngest[index] = slot;
  }

  private void deathOfKind(int index, EventBatch batch) {
    int slot = youngest[index];
    if (slot < 0) {
      foreign();
      return;
    }
    youngest[index] = older[slot];
    free(blocks.id(slot), batch); // key and id are both numbers of births
  }

  private long milliseconds() throws TraceException {
    long millis = lines.hexDigits("time");
    lines.endOfLine();
    if (millis > Long.MAX_VALUE / NANOS_PER_MILLI) {
      throw lines.fail("the time is too large", LineSource.FORMAT_REMEDY);
    }
    return millis * NANOS_PER_MILLI;
  }

  private void version() throws TraceException {
    lines.hexDigits("heaptrack's version");
    long format = lines.hexDigits("version of the format");
    lines.endOfLine();
    if (format < 1 || format > NEWEST) {
      throw lines.fail(
          "format " + format + " is not one of 1 to " + NEWEST,
          "record it with heaptrack 1.0 to 1.5");
    }
  }

  private void name() {
    String command = lines.text().substring(1).strip();
    String path = command.isEmpty() ? ANONYMOUS : command.split(" ", 2)[0];
    inCommand = true;
    program = path.substring(path.lastIndexOf('/') + 1);
  }

  private void other(int letter) throws TraceException {
    if (OTHERS.indexOf(letter) < 0) {
      throw lines.fail(
          "a line begins with one of + - a c v " + String.join(" ", OTHERS.split("")),
          LineSource.FORMAT_REMEDY);
    }
  }
}
