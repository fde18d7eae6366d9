package trace;

import java.util.HashMap;
import java.util.Map;
import trace.tool.BadLineException;
import trace.tool.CallLine;

/**
 * Reads what {@code ltrace} prints of a program's calls to the C library's allocator and of C++'s
 * {@code new} and {@code delete}. Other calls are passed over.
 *
 * <p>A call counts when it returns; but a {@code free}, or what dies by a resize, counts when it
 * begins, since from then on another thread may get the address. {@code new} calls {@code malloc}:
 * where the log shows both, one inside the other, the outer counts and the inner does not.
 */
final class LtraceReader extends AddressReader {
  /** The calls of a process that have begun and not returned, beyond which a log is no log. */
  private static final int MOST_PROCESSES = 1 << 16;

  private final Map<Long, CallLine> open = new HashMap<>();
  private long now;

  LtraceReader(LineSource lines) {
    super(TraceFormat.LTRACE, lines);
  }

  @Override
  void line(EventBatch batch) throws TraceException {
    CallLine call = CallLine.parse(lines.text());
    try {
      time(call);
      line(call, batch);
    } catch (BadLineException e) {
      throw lines.fail(e.reason(), LineSource.FORMAT_REMEDY);
    }
  }

  private void time(CallLine call) {
    if (call.nanos() >= 0) {
      now = call.relative() ? Math.max(now, now + call.nanos()) : call.nanos();
      clock.at(now);
    }
  }

  private void line(CallLine call, EventBatch batch) throws BadLineException, TraceException {
    switch (call.kind()) {
      case CALL -> whole(call, batch);
      case UNFINISHED -> begin(call, batch);
      case RESUMED -> end(call, batch);
      case EXIT -> open.remove(call.pid());
      case REMARK -> {}
      case FOREIGN -> foreign(call);
    }
  }

  private void foreign(CallLine call) throws BadLineException {
    if (HeapCall.of(call.name()) != HeapCall.OTHER) {
      throw new BadLineException("the call has no result: `) = RESULT` is missing");
    }
    odd("lines that are not ltrace's");
  }

  private void begin(CallLine call, EventBatch batch) throws BadLineException, TraceException {
    HeapCall kind = HeapCall.of(call.name());
    if (kind == HeapCall.OTHER || open.containsKey(call.pid())) {
      return; // of nested calls the outer one counts
    }
    if (open.size() == MOST_PROCESSES) {
      throw new BadLineException("more than " + MOST_PROCESSES + " calls have not returned");
    }
    open.put(call.pid(), call);
    if (kind == HeapCall.FREE) {
      thread(Math.max(call.pid(), 0), batch);
      death(call, batch);
    }
  }

  private void end(CallLine end, EventBatch batch) throws BadLineException, TraceException {
    CallLine begin = open.get(end.pid());
    if (begin == null || !begin.name().equals(end.name())) {
      if (begin == null && HeapCall.of(end.name()) != HeapCall.OTHER) {
        odd("ends of calls whose beginning the log lacks");
      }
      return;
    }
    open.remove(end.pid());
    if (HeapCall.of(begin.name()) != HeapCall.FREE) {
      whole(begin.joined(end), batch);
    }
  }

  private void whole(CallLine call, EventBatch batch) throws BadLineException, TraceException {
    HeapCall kind = HeapCall.of(call.name());
    if (kind == HeapCall.OTHER || open.containsKey(call.pid())) {
      return;
    }
    thread(Math.max(call.pid(), 0), batch);
    switch (kind) {
      case FREE -> death(call, batch);
      case REALLOC -> resize(call, call.number(1, "size"), batch);
      case REALLOCARRAY ->
          resize(call, product(call.number(1, "count"), call.number(2, "size")), batch);
      case HIDDEN -> odd("posix_memalign, whose address ltrace does not print");
      default -> birth(kind, call, batch);
    }
  }

  private void death(CallLine call, EventBatch batch) throws BadLineException {
    long address = call.number(0, "address");
    if (address == 0) {
      ignore();
    } else {
      free(address, batch);
    }
  }

  private void birth(HeapCall kind, CallLine call, EventBatch batch)
      throws BadLineException, TraceException {
    long address = call.value().orElse(0L);
    if (address == 0) {
      ignore();
      return;
    }
    switch (kind) {
      case CALLOC -> zeroed(address, call.number(0, "count"), call.number(1, "size"), batch);
      case MEMALIGN -> aligned(address, call.number(0, "alignment"), call.number(1, "size"), batch);
      case VALLOC -> aligned(address, HeapCall.PAGE, call.number(0, "size"), batch);
      default -> allocate(address, call.number(0, "size"), batch);
    }
  }

  private void resize(CallLine call, long bytes, EventBatch batch) throws BadLineException {
    long old = call.number(0, "address");
    long address = call.value().orElse(0L);
    if (address == 0) {
      if (bytes == 0 && old != 0) {
        free(old, batch);
      } else {
        ignore();
      }
    } else if (old == 0) {
      allocate(address, bytes, batch);
    } else {
      resize(old, address, bytes, batch);
    }
  }

  private static long product(long count, long size) throws BadLineException {
    if (Math.multiplyHigh(count, size) != 0 || count * size < 0) {
      throw new BadLineException("the product of count and size is too large");
    }
    return count * size;
  }
}
