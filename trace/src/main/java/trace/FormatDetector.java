package trace;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds out a trace's format from its first lines, and makes the reader for it.
 *
 * <p>A line that only one format has decides: {@code v 10400 3} is heaptrack's, {@code # tracer:}
 * that of Linux. Calls with a result may be a log of {@code strace} or {@code ltrace}: functions of
 * the C library in them, or arrows between libraries, make it the latter. All else is told by the
 * first character of the first line that is not empty.
 */
public final class FormatDetector {
  private static final String KNOWN_FORMATS =
      "read are Quarry text, malloc-lab .rep, glibc mtrace, heaptrack, ltrace, strace and Linux"
          + " kmem events, plain, gzip or zstd; docs/import.md";

  private static final int LINES_LOOKED_AT = 400;

  private static final Pattern HEAPTRACK = Pattern.compile("v [0-9a-f]+ [0-9a-f]+");
  private static final Pattern TRACER =
      Pattern.compile(
          "# tracer: .*|cpus=\\d+|version = \\d+|.+ \\[\\d+\\] .*\\d\\.\\d+: +\\S+: .*");
  private static final Pattern CALL =
      Pattern.compile(
          " *(\\[pid +\\d+\\] +|\\d+ +)?([\\d:.]+ +)?([A-Za-z_][^(]*)\\(.*"
              + "(\\) += .+|<unfinished \\.\\.\\.>)");
  private static final int NAME_OF_CALL = 3;

  /** Names that no system call has: of C's and C++'s allocators, and with a library before them. */
  private static final Pattern LIBRARY_CALL =
      Pattern.compile(
          "malloc|calloc|realloc|free|memalign|aligned_alloc|valloc|reallocarray|posix_memalign"
              + "|_Z\\w+|__libc_start_main|operator .*|.*->.*|.*::.*|SYS_.*");

  private FormatDetector() {}

  /**
   * Finds out the format.
   *
   * @param lines the source, before its first line; it stands there afterwards, too
   * @return the format
   * @throws TraceException if the source is empty or in no known format
   */
  public static TraceFormat detect(LineSource lines) throws TraceException {
    firstLine(lines);
    return formatOf(lines);
  }

  /**
   * {@return the tier that a replay of a file calls}
   *
   * <p>The heap, if it may hold events of several tiers; if it cannot be looked at beforehand, as a
   * pipe; and if it cannot be read, which the heap's reader then says.
   *
   * @param file the trace
   */
  public static TraceFormat.Tier tierOf(Path file) {
    if (!Files.isRegularFile(file)) {
      return TraceFormat.Tier.HEAP;
    }
    try (LineSource lines = LineSource.open(file)) {
      return detect(lines).replayed();
    } catch (TraceException e) {
      return TraceFormat.Tier.HEAP;
    }
  }

  static TraceReader open(TraceInput input) throws TraceException {
    return open(input, Optional.empty());
  }

  static TraceReader open(TraceInput input, TraceFormat format) throws TraceException {
    return open(input, Optional.of(format));
  }

  private static TraceReader open(TraceInput input, Optional<TraceFormat> format)
      throws TraceException {
    LineSource lines = new LineSource(input);
    try {
      firstLine(lines);
      return reader(format.isPresent() ? format.get() : formatOf(lines), lines);
    } catch (TraceException e) {
      lines.closeAfter(e);
      throw e;
    }
  }

  private static void firstLine(LineSource lines) throws TraceException {
    do {
      if (!lines.next()) {
        throw lines.failWhole("is empty", KNOWN_FORMATS);
      }
      lines.skipBlanks();
    } while (lines.peek() == -1);
    lines.pushBack();
  }

  private static TraceReader reader(TraceFormat format, LineSource lines) throws TraceException {
    return switch (format) {
      case QUARRY -> new QuarryReader(lines);
      case MALLOC_LAB -> new MallocLabReader(lines);
      case MTRACE -> new MtraceReader(lines);
      case HEAPTRACK -> new HeaptrackReader(lines);
      case LTRACE -> new LtraceReader(lines);
      case FTRACE -> new FtraceReader(lines);
      case FRAMES, RANGES, STRACE ->
          throw lines.failWhole(
              "is a " + format.title() + ": it holds no events of a heap",
              "`quarry replay` runs it, `quarry import` converts it");
      case RECORDING ->
          throw lines.failWhole(
              "is a raw recording", "convert it first: quarry import FILE -o OUT");
    };
  }

  private static TraceFormat formatOf(LineSource lines) throws TraceException {
    Optional<TraceFormat> special = special(lines.head());
    return special.isPresent() ? special.get() : plain(lines);
  }

  /** Returns the format that some line of the head is sure to be of. */
  private static Optional<TraceFormat> special(String head) {
    if (head.startsWith("QUARRYREC")) {
      return Optional.of(TraceFormat.RECORDING);
    }
    boolean calls = false;
    for (String line : (Iterable<String>) head.lines().limit(LINES_LOOKED_AT)::iterator) {
      Optional<TraceFormat> format = calls ? Optional.empty() : marked(line);
      if (format.isPresent()) {
        return format;
      }
      Matcher call = CALL.matcher(line);
      if (call.matches()) {
        calls = true;
        if (LIBRARY_CALL.matcher(call.group(NAME_OF_CALL)).matches()) {
          return Optional.of(TraceFormat.LTRACE);
        }
      } else if (!calls && !line.isBlank() && !mayPrecede(line)) {
        return Optional.empty();
      }
    }
    return calls ? Optional.of(TraceFormat.STRACE) : Optional.empty();
  }

  /** Comments of any format, and what {@code strace} says of processes that it attaches to. */
  private static boolean mayPrecede(String line) {
    return line.startsWith("#") || line.startsWith("strace: ") || line.contains(" <... ");
  }

  private static Optional<TraceFormat> marked(String line) {
    if (HEAPTRACK.matcher(line).matches()) {
      return Optional.of(TraceFormat.HEAPTRACK);
    } else if (TRACER.matcher(line).matches()) {
      return Optional.of(TraceFormat.FTRACE);
    } else if (line.startsWith("tier physmem")) {
      return Optional.of(TraceFormat.FRAMES);
    } else if (line.startsWith("tier vmem")) {
      return Optional.of(TraceFormat.RANGES);
    }
    return Optional.empty();
  }

  private static TraceFormat plain(LineSource lines) throws TraceException {
    String text = lines.text().strip();
    char first = text.isEmpty() ? '\0' : text.charAt(0);
    boolean word = text.length() > 1 && (text.charAt(1) == ' ' || text.charAt(1) == '\t');
    if (first == '#' || (word && "acmrft".indexOf(first) >= 0)) {
      return TraceFormat.QUARRY;
    } else if (word && "=@+-<>!".indexOf(first) >= 0) {
      return TraceFormat.MTRACE;
    } else if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return TraceFormat.MALLOC_LAB;
    }
    throw lines.fail("is not a trace in a known format", KNOWN_FORMATS);
  }
}
