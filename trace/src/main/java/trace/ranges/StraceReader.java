package trace.ranges;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import trace.Clock;
import trace.LineSource;
import trace.TraceException;
import trace.TraceFormat;
import trace.tool.BadLineException;
import trace.tool.CallLine;

/**
 * Reads the calls that map and unmap memory from a log of {@code strace}, with {@code -f} of many
 * processes and threads: {@code mmap}, {@code munmap}, {@code mremap}, {@code mprotect}, {@code
 * brk}, and {@code clone}, {@code fork}, {@code execve} and exits for their address spaces.
 *
 * <p>A call counts when it returns; {@code munmap} when it begins, since from then on another
 * thread may get its addresses. Calls that failed are left out.
 */
final class StraceReader extends RangeReader {
  /** Calls that have begun and not returned, beyond which a log is no log. */
  private static final int MOST_OPEN = 1 << 16;

  /** Flags of {@code clone} as {@code -X raw} prints them. */
  private static final Pattern RAW_FLAGS = Pattern.compile("flags=0x([0-9a-f]{1,15})");

  private static final long CLONE_VM = 0x100;

  /** Without {@code -o} strace says so in the middle of the call that made the process. */
  private static final Pattern ATTACHED = Pattern.compile("(.+)strace: Process \\d+ attached");

  private static final Pattern OTHER_LINE =
      Pattern.compile(" *(\\[pid|\\d+ +\\S|<\\.\\.\\. |[a-z_0-9]+\\().*");

  private final Clock clock = new Clock();
  private final Map<Long, CallLine> open = new HashMap<>();
  private final Processes processes = new Processes(this::odd);
  private String program = "";
  private String broken = "";
  private long now;

  StraceReader(LineSource lines) {
    super(TraceFormat.STRACE, lines);
  }

  @Override
  public String program() {
    return program;
  }

  @Override
  public Optional<Duration> span() {
    return clock.span();
  }

  @Override
  public @Nullable RangeEvent read() throws TraceException {
    while (!processes.hasEvent() && lines.next()) {
      try {
        line(lines.text());
      } catch (BadLineException e) {
        throw lines.fail(e.reason(), LineSource.FORMAT_REMEDY);
      }
    }
    return processes.event();
  }

  private void line(String text) throws BadLineException {
    String begun = broken;
    broken = "";
    Matcher attached = ATTACHED.matcher(text);
    if (attached.matches()) {
      broken = attached.group(1);
    }
    if (!begun.isEmpty() && OTHER_LINE.matcher(text).matches()) {
      call(CallLine.parse(begun + " <unfinished ...>"));
      begun = "";
    }
    if (broken.isEmpty()) {
      call(CallLine.parse(begun + text));
    }
  }

  private void call(CallLine call) throws BadLineException {
    time(call);
    line(call);
  }

  private void time(CallLine call) {
    if (call.nanos() >= 0) {
      now = call.relative() ? Math.max(now, now + call.nanos()) : call.nanos();
      clock.at(now);
    }
  }

  private void line(CallLine call) throws BadLineException {
    switch (call.kind()) {
      case CALL -> whole(call);
      case UNFINISHED -> begin(call);
      case RESUMED -> end(call);
      case EXIT -> {
        open.remove(call.pid());
        processes.exit(call.pid());
      }
      case REMARK -> {}
      case FOREIGN -> foreign(call);
    }
  }

  private void foreign(CallLine call) throws BadLineException {
    if (SystemCall.of(call.name()) != SystemCall.OTHER) {
      throw new BadLineException("the call has no result: `) = RESULT` is missing");
    }
    if (!lines.text().isBlank()) {
      odd("lines that are not strace's");
    }
  }

  private void begin(CallLine call) throws BadLineException {
    SystemCall kind = SystemCall.of(call.name());
    if (kind == SystemCall.OTHER) {
      return;
    }
    if (open.size() == MOST_OPEN) {
      throw new BadLineException("more than " + MOST_OPEN + " calls have not returned");
    }
    open.put(call.pid(), call);
    if (kind == SystemCall.MUNMAP) {
      unmapEarly(call);
    } else if (kind == SystemCall.CLONE) {
      processes.willClone(call.pid(), sharesMemory(call));
    }
  }

  /** What can only fail is left to the end of the call to be counted. */
  private void unmapEarly(CallLine call) throws BadLineException {
    long address = call.number(0, "address");
    long size = call.number(1, "size");
    processes.at(call.pid());
    if (address % RangeEvent.PAGE == 0 && size != 0) {
      processes.unmap(address, size);
    }
  }

  private void end(CallLine end) throws BadLineException {
    CallLine own = open.remove(end.pid());
    CallLine begin = own == null ? open.remove(-1L) : own; // it was the only process then
    if (begin == null || !begin.name().equals(end.name())) {
      if (SystemCall.of(end.name()) != SystemCall.OTHER) {
        odd("ends of calls whose beginning the log lacks");
      }
    } else if (SystemCall.of(begin.name()) != SystemCall.MUNMAP) {
      whole(begin.joined(end).of(end.pid()));
    }
  }

  private void whole(CallLine call) throws BadLineException {
    SystemCall kind = SystemCall.of(call.name());
    if (kind == SystemCall.OTHER) {
      return;
    }
    Optional<Long> result = call.value();
    if (kind == SystemCall.CLONE) {
      processes.didClone(call.pid(), result, sharesMemory(call));
    } else if (result.isEmpty()) {
      odd("calls that failed, left out");
    } else {
      processes.at(call.pid());
      succeed(kind, call, result.get());
    }
  }

  private void succeed(SystemCall kind, CallLine call, long result) throws BadLineException {
    switch (kind) {
      case MMAP -> map(call, result);
      case MUNMAP -> processes.unmap(call.number(0, "address"), call.number(1, "size"));
      case MREMAP ->
          processes.remap(
              call.number(0, "old address"),
              call.number(1, "old size"),
              call.number(2, "new size"),
              result);
      case MPROTECT ->
          processes.protect(
              call.number(0, "address"),
              call.number(1, "size"),
              MapArguments.protection(call.argument(2, "protection")));
      case BRK -> processes.moveBreak(result);
      case EXEC -> exec(call);
      default -> throw new BadLineException("the call is not one that returns");
    }
  }

  private void map(CallLine call, long address) throws BadLineException {
    String flags = call.argument(3, "flags");
    int protection = MapArguments.protection(call.argument(2, "protection"));
    processes.map(
        address,
        call.number(1, "size"),
        protection | MapArguments.kind(flags),
        MapArguments.isFixed(flags));
  }

  private void exec(CallLine call) throws BadLineException {
    processes.exec();
    if (program.isEmpty()) {
      String path = call.argument(0, "program").replace("\"", "");
      program = path.substring(path.lastIndexOf('/') + 1);
    }
  }

  private static boolean sharesMemory(CallLine call) {
    Matcher raw = RAW_FLAGS.matcher(call.arguments());
    if (raw.find()) {
      return (Long.parseLong(raw.group(1), 16) & CLONE_VM) != 0;
    }
    return call.name().equals("vfork") || call.arguments().contains("CLONE_VM");
  }
}
