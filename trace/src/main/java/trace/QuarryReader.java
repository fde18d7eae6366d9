package trace;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads Quarry's own trace text.
 *
 * <p>Ids are normally dense: the block born next has the number of blocks born before it. While
 * that holds, an id that is used a second time is recognised even after the first block's death.
 * With gaps, only ids of live blocks can be told, since remembering all others would need memory
 * that grows with the trace.
 */
final class QuarryReader extends TraceReader {
  /** Linux numbers tasks below 2^22; a trace's threads are dense, so there are fewer. */
  static final int THREAD_LIMIT = 1 << 22;

  private static final Pattern PROGRAM = Pattern.compile("\\bprogram=(\\S+)");

  /** All ids below this one were born. */
  private long dense;

  private boolean gaps;
  private int thread;
  private String program = "";

  QuarryReader(LineSource lines) {
    super(TraceFormat.QUARRY, lines);
  }

  @Override
  public String program() {
    return program;
  }

  @Override
  void fill(EventBatch batch) throws TraceException {
    while (!batch.isFull() && lines.next()) {
      switch (lines.peek()) {
        case 'a' -> allocate(batch);
        case 'f' -> free(batch);
        case 'r' -> resize(batch);
        case 'c' -> zeroed(batch);
        case 'm' -> aligned(batch);
        case 't' -> thread(batch);
        case '#' -> comment();
        default -> other();
      }
    }
  }

  private void allocate(EventBatch batch) throws TraceException {
    lines.take('a');
    long id = lines.decimal("ID");
    long size = lines.decimal("SIZE");
    lines.endOfLine();
    batch.add(EventBatch.ALLOCATE, birth(id), id, size, thread);
  }

  private void zeroed(EventBatch batch) throws TraceException {
    lines.take('c');
    long id = lines.decimal("ID");
    long count = lines.decimal("COUNT");
    long size = lines.decimal("SIZE");
    lines.endOfLine();
    if (Math.multiplyHigh(count, size) != 0 || count * size < 0) {
      throw lines.fail(
          "COUNT times SIZE is larger than 9223372036854775807",
          "a call with such a product fails in the program, too: leave the line out");
    }
    batch.add(EventBatch.ZEROED, birth(id), EventBatch.NO_SLOT, id, size, count, thread);
  }

  private void aligned(EventBatch batch) throws TraceException {
    lines.take('m');
    long id = lines.decimal("ID");
    long alignment = lines.decimal("ALIGN");
    long size = lines.decimal("SIZE");
    lines.endOfLine();
    if (Long.bitCount(alignment) != 1) {
      throw lines.fail("ALIGN " + alignment + " is not a power of two", LineSource.FORMAT_REMEDY);
    }
    batch.add(EventBatch.ALIGNED, birth(id), EventBatch.NO_SLOT, id, size, alignment, thread);
  }

  private void resize(EventBatch batch) throws TraceException {
    lines.take('r');
    long old = lines.decimal("OLD");
    long id = lines.decimal("NEW");
    long size = lines.decimal("SIZE");
    lines.endOfLine();
    int dying = death(old);
    batch.add(EventBatch.RESIZE, birth(id), dying, id, size, old, thread);
  }

  private void free(EventBatch batch) throws TraceException {
    lines.take('f');
    long id = lines.decimal("ID");
    lines.endOfLine();
    batch.add(EventBatch.FREE, death(id), id, 0, thread);
  }

  private void thread(EventBatch batch) throws TraceException {
    lines.take('t');
    long number = lines.decimal("THREAD");
    lines.endOfLine();
    if (number >= THREAD_LIMIT) {
      throw lines.fail(
          "THREAD " + number + " is not below " + THREAD_LIMIT, "number threads densely from 0");
    }
    thread = (int) number;
    batch.add(EventBatch.THREAD, EventBatch.NO_SLOT, -1, 0, thread);
  }

  private void comment() {
    if (program.isEmpty()) {
      Matcher matcher = PROGRAM.matcher(lines.text());
      program = matcher.find() ? matcher.group(1) : "";
    }
  }

  /** Passes over an empty line; anything else is an error. */
  private void other() throws TraceException {
    int first = lines.peek();
    lines.skipBlanks();
    if (lines.peek() != -1) {
      throw lines.fail(
          first == ' ' || first == '\t'
              ? "the line begins with a space"
              : "an event begins with one of a c m r f t",
          LineSource.FORMAT_REMEDY);
    }
  }

  private int birth(long id) throws TraceException {
    if (id < dense) {
      throw bornTwice("block " + id);
    }
    int slot = blocks.birth(id, id);
    if (slot < 0) {
      throw bornTwice("block " + id);
    }
    if (id == dense) {
      dense++;
    } else {
      gaps = true;
    }
    return slot;
  }

  private int death(long id) throws TraceException {
    int slot = blocks.death(id);
    if (slot < 0) {
      throw lines.fail("block " + id + " " + whyNotLive(id), LineSource.FORMAT_REMEDY);
    }
    return slot;
  }

  private String whyNotLive(long id) {
    if (id < dense) {
      return "is already dead";
    }
    return gaps ? "is not live: never born, or already dead" : "was never born";
  }
}
