package trace.ranges;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import trace.LineSource;
import trace.TraceException;
import trace.TraceFormat;
import trace.ranges.RangeEvent.Operation;

/** Reads Quarry's own range trace text. */
final class RangeTextReader extends RangeReader {
  private static final Pattern PROGRAM = Pattern.compile("\\bprogram=(\\S+)");

  private final Spaces spaces = new Spaces();
  private String program = "";
  private boolean begun;
  private int space;
  private int thread;

  RangeTextReader(LineSource lines) {
    super(TraceFormat.RANGES, lines);
  }

  @Override
  public String program() {
    return program;
  }

  @Override
  public @Nullable RangeEvent read() throws TraceException {
    while (lines.next()) {
      int letter = lines.peek();
      if (letter == '#') {
        comment();
      } else if (!begun) {
        tier();
      } else if (letter != -1) {
        lines.take(letter);
        return checked(event(letter));
      }
    }
    return null;
  }

  private void comment() {
    if (program.isEmpty()) {
      Matcher matcher = PROGRAM.matcher(lines.text());
      program = matcher.find() ? matcher.group(1) : "";
    }
  }

  private void tier() throws TraceException {
    if (lines.peek() == -1) {
      return;
    }
    if (!lines.takeWord("tier") || !lines.takeWord("vmem")) {
      throw lines.fail("the first line is not `tier vmem`", LineSource.FORMAT_REMEDY);
    }
    lines.endOfLine();
    begun = true;
  }

  private RangeEvent checked(RangeEvent event) throws TraceException {
    lines.endOfLine();
    try {
      spaces.apply(event);
      return event;
    } catch (IllegalArgumentException e) {
      TraceException failure = lines.fail(String.valueOf(e.getMessage()), LineSource.FORMAT_REMEDY);
      failure.initCause(e);
      throw failure;
    }
  }

  private RangeEvent event(int letter) throws TraceException {
    return switch (letter) {
      case 'm' -> of(Operation.MAP, lines.decimal("ID"), 0, 0, size(), protection());
      case 'x' ->
          of(Operation.MAP_AT, lines.decimal("ID"), pages("ADDRESS"), 0, size(), protection());
      case 'o' ->
          of(Operation.OVERLAY, lines.decimal("ID"), 0, pages("OFFSET"), size(), protection());
      case 'p' ->
          of(Operation.PROTECT, lines.decimal("ID"), 0, pages("OFFSET"), size(), protection());
      case 'u' -> of(Operation.UNMAP, lines.decimal("ID"), 0, pages("OFFSET"), size(), 0);
      case 'r' -> resize();
      case 'b' -> of(Operation.BREAK, 0, 0, 0, lines.decimal("BYTES"), 0);
      case 'k' -> of(Operation.COPY, 0, below("SPACE"), 0, 0, 0);
      case 'e' -> of(Operation.CLEAR, 0, 0, 0, 0, 0);
      case 's' -> enter();
      case 't' -> {
        thread = below("THREAD");
        yield of(Operation.THREAD, 0, 0, 0, 0, 0);
      }
      default ->
          throw lines.fail(
              "an event begins with one of m x o p u r b k e s t", LineSource.FORMAT_REMEDY);
    };
  }

  private RangeEvent resize() throws TraceException {
    long old = lines.decimal("OLD");
    return of(Operation.RESIZE, lines.decimal("NEW"), old, 0, size(), 0);
  }

  private RangeEvent enter() throws TraceException {
    space = below("SPACE");
    return of(Operation.SPACE, 0, 0, 0, 0, 0);
  }

  private RangeEvent of(
      Operation operation, long id, long other, long offset, long bytes, int protection) {
    return new RangeEvent(operation, id, other, offset, bytes, protection, space, thread);
  }

  private int protection() throws TraceException {
    long value = lines.decimal("PROT");
    if (value > RangeEvent.PROTECTION_BITS) {
      throw lines.fail("PROT " + value + " is above 31", LineSource.FORMAT_REMEDY);
    }
    return (int) value;
  }

  private long size() throws TraceException {
    long value = pages("BYTES");
    if (value == 0) {
      throw lines.fail("BYTES is 0", LineSource.FORMAT_REMEDY);
    }
    return value;
  }

  private long pages(String what) throws TraceException {
    long value = lines.decimal(what);
    if (value % RangeEvent.PAGE != 0) {
      throw lines.fail(
          what + " " + value + " is no multiple of " + RangeEvent.PAGE, LineSource.FORMAT_REMEDY);
    }
    return value;
  }

  private int below(String what) throws TraceException {
    long value = lines.decimal(what);
    if (value >= RangeEvent.SPACE_LIMIT) {
      throw lines.fail(
          what + " " + value + " is not below " + RangeEvent.SPACE_LIMIT, LineSource.FORMAT_REMEDY);
    }
    return (int) value;
  }
}
