package trace;

/**
 * Finds out a trace's format from its first line that is not empty, and makes the reader for it.
 */
final class FormatDetector {
  private static final String KNOWN_FORMATS =
      "read are Quarry trace text, CMU malloc-lab .rep and glibc mtrace logs, plain or gzip";

  private FormatDetector() {}

  static TraceReader open(TraceInput input) throws TraceException {
    LineSource lines = new LineSource(input);
    try {
      firstLine(lines);
      return reader(detect(lines), lines);
    } catch (TraceException e) {
      closeAfter(lines, e);
      throw e;
    }
  }

  static TraceReader open(TraceInput input, TraceFormat format) throws TraceException {
    LineSource lines = new LineSource(input);
    try {
      firstLine(lines);
      return reader(format, lines);
    } catch (TraceException e) {
      closeAfter(lines, e);
      throw e;
    }
  }

  private static void closeAfter(LineSource lines, TraceException failure) {
    try {
      lines.close();
    } catch (TraceException closing) {
      failure.addSuppressed(closing);
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

  private static TraceReader reader(TraceFormat format, LineSource lines) {
    return switch (format) {
      case QUARRY -> new QuarryReader(lines);
      case MALLOC_LAB -> new MallocLabReader(lines);
      case MTRACE -> new MtraceReader(lines);
    };
  }

  private static TraceFormat detect(LineSource lines) throws TraceException {
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
