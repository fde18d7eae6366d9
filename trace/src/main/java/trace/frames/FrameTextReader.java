package trace.frames;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import trace.LineSource;
import trace.TraceException;
import trace.TraceFormat;
import trace.table.SlotTable;

/** Reads Quarry's own frame trace text: {@code p ID ORDER FLAGS}, {@code q ID}, {@code t CPU}. */
final class FrameTextReader extends FrameReader {
  private static final Pattern PROGRAM = Pattern.compile("\\bprogram=(\\S+)");

  private final SlotTable live = new SlotTable();
  private String program = "";
  private boolean begun;
  private int cpu;

  /** All ids below this one were allocated. */
  private long dense;

  FrameTextReader(LineSource lines) {
    super(TraceFormat.FRAMES, lines);
  }

  @Override
  public String program() {
    return program;
  }

  @Override
  public @Nullable FrameEvent read() throws TraceException {
    while (lines.next()) {
      int letter = lines.peek();
      if (letter == '#') {
        comment();
      } else if (!begun) {
        tier();
      } else if (letter != -1) {
        lines.take(letter);
        return event(letter);
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
    if (!lines.takeWord("tier") || !lines.takeWord("physmem")) {
      throw lines.fail("the first line is not `tier physmem`", LineSource.FORMAT_REMEDY);
    }
    lines.endOfLine();
    begun = true;
  }

  private FrameEvent event(int letter) throws TraceException {
    return switch (letter) {
      case 'p' -> allocate();
      case 'q' -> free();
      case 't' -> cpu();
      default -> throw lines.fail("an event begins with one of p q t", LineSource.FORMAT_REMEDY);
    };
  }

  private FrameEvent allocate() throws TraceException {
    long id = lines.decimal("ID");
    long order = below(lines.decimal("ORDER"), FrameEvent.LARGEST_ORDER + 1, "ORDER");
    long flags = below(lines.decimal("FLAGS"), FrameEvent.FLAG_BITS + 1, "FLAGS");
    lines.endOfLine();
    if (id < dense || live.birth(id, id) < 0) {
      throw lines.fail("block " + id + " is allocated a second time", LineSource.FORMAT_REMEDY);
    }
    dense += id == dense ? 1 : 0;
    return new FrameEvent(FrameEvent.Operation.ALLOCATE, id, (int) order, (int) flags, cpu);
  }

  private FrameEvent free() throws TraceException {
    long id = lines.decimal("ID");
    lines.endOfLine();
    if (live.death(id) < 0) {
      throw lines.fail("block " + id + " is not allocated", LineSource.FORMAT_REMEDY);
    }
    return new FrameEvent(FrameEvent.Operation.FREE, id, 0, 0, cpu);
  }

  private FrameEvent cpu() throws TraceException {
    cpu = (int) below(lines.decimal("CPU"), CPU_LIMIT, "CPU");
    lines.endOfLine();
    return new FrameEvent(FrameEvent.Operation.CPU, -1, 0, 0, cpu);
  }

  private long below(long value, int limit, String what) throws TraceException {
    if (value >= limit) {
      throw lines.fail(what + " " + value + " is not below " + limit, LineSource.FORMAT_REMEDY);
    }
    return value;
  }
}
