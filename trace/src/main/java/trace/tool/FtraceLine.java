package trace.tool;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One line of Linux's trace events as text: the {@code trace} file of tracefs, {@code trace-cmd
 * report}, or {@code perf script}. They differ in how they name the task before the CPU, and in the
 * group before the event:
 *
 * <pre>{@code
 * init-1       [000] d..1.     1.927986: kmalloc: call_site=f+0x5d/0x200 ptr=ffff88800cb5e780 ...
 * init-1       [000]     1.927986: kmalloc:   (f+0x5d) call_site=... ptr=0xffff88800cb5e780 ...
 * init     1   [000]     1.927986: kmem:kmalloc: call_site=f+0x5d ptr=0xffff88800cb5e780 ...
 * }</pre>
 *
 * @param kind what line it is
 * @param cpu the CPU that the event happened on
 * @param nanos when, in nanoseconds of the trace's clock
 * @param event the event's name without its group
 * @param fields the text behind the name: {@code key=value} apart by spaces
 */
public record FtraceLine(Kind kind, int cpu, long nanos, String event, String fields) {
  /** A bound on the number of CPUs that is four times what Linux can be built for. */
  private static final int CPU_LIMIT = 1 << 15;

  private static final Pattern LOST = Pattern.compile("(?i)lost|dropped");

  /** What a line may be. */
  public enum Kind {
    /** An event. */
    EVENT,
    /** A header, a comment, a stack trace, or nothing. */
    OTHER,
    /** The tool's word that events were lost. */
    LOST
  }

  /** Takes a line apart. */
  public static FtraceLine parse(String line) throws BadLineException {
    if (isOther(line)) {
      return new FtraceLine(Kind.OTHER, 0, 0, "", "");
    }
    if (line.startsWith("CPU") && LOST.matcher(line).find()) {
      return new FtraceLine(Kind.LOST, 0, 0, "", "");
    }
    return event(line);
  }

  /** Returns the value of a field, if the event has it. */
  public Optional<String> field(String key) {
    String wanted = key + "=";
    int at = fields.startsWith(wanted) ? 0 : fields.indexOf(" " + wanted) + 1;
    if (at == 0 && !fields.startsWith(wanted)) {
      return Optional.empty();
    }
    int begin = at + wanted.length();
    int end = fields.indexOf(' ', begin);
    return Optional.of(fields.substring(begin, end < 0 ? fields.length() : end));
  }

  /** Returns the value of a field that is a number, decimal or hexadecimal with {@code 0x}. */
  public long number(String key) throws BadLineException {
    return Numbers.unsigned(required(key), key);
  }

  /**
   * Returns the value of a field that is a pointer: hexadecimal, 0 for null, empty if the kernel
   * hid it, as it does early in its boot.
   */
  public Optional<Long> pointer(String key) throws BadLineException {
    String value = required(key);
    if (value.equals("(null)") || value.equals("(nil)")) {
      return Optional.of(0L);
    }
    return value.startsWith("(__") ? Optional.empty() : Optional.of(Numbers.bits(value, key));
  }

  private String required(String key) throws BadLineException {
    Optional<String> value = field(key);
    if (value.isEmpty()) {
      throw new BadLineException("the event " + event + " lacks " + key + "=");
    }
    return value.get();
  }

  private static boolean isOther(String line) {
    String text = line.strip();
    return text.isEmpty()
        || text.startsWith("#")
        || text.startsWith("=>")
        || text.startsWith("cpus=")
        || text.startsWith("version = ")
        || text.startsWith("<stack trace>")
        || isFrameOfPerf(line, text);
  }

  /** {@code perf script -g} prints a line per frame: blanks, an address, a symbol. */
  private static boolean isFrameOfPerf(String line, String text) {
    int space = text.indexOf(' ');
    boolean indented = line.charAt(0) == '\t' || line.charAt(0) == ' ';
    return indented
        && space >= 6
        && space <= 16
        && text.substring(0, space).chars().allMatch(c -> Character.digit(c, 16) >= 0);
  }

  private static FtraceLine event(String line) throws BadLineException {
    int open = cpuBracket(line);
    int close = open < 0 ? -1 : line.indexOf(']', open);
    if (close < 0) {
      throw new BadLineException("no [CPU] is found, as each event has it");
    }
    long cpu = Numbers.unsigned(line.substring(open + 1, close), "CPU");
    if (cpu >= CPU_LIMIT) {
      throw new BadLineException("CPU " + cpu + " is not below " + CPU_LIMIT);
    }
    int colon = timeColon(line, close + 1);
    int begin = line.lastIndexOf(' ', colon) + 1;
    long nanos = Numbers.nanos(line.substring(begin, colon), "time");
    return named((int) cpu, nanos, line.substring(colon + 1).strip());
  }

  private static FtraceLine named(int cpu, long nanos, String text) throws BadLineException {
    int space = text.indexOf(' ');
    String word = space < 0 ? text : text.substring(0, space);
    if (word.length() < 2 || !word.endsWith(":")) {
      throw new BadLineException("no event's name and colon follow the time");
    }
    String name = word.substring(0, word.length() - 1);
    String event = name.substring(name.indexOf(':') + 1);
    return new FtraceLine(Kind.EVENT, cpu, nanos, event, text.substring(word.length()).strip());
  }

  /** Returns where the bracket of the CPU is: the first with digits only in it, or -1. */
  private static int cpuBracket(String line) {
    int open = line.indexOf('[');
    while (open >= 0) {
      int close = line.indexOf(']', open);
      if (close > 0 && Numbers.isDecimal(line.substring(open + 1, close))) {
        return open;
      }
      open = line.indexOf('[', open + 1);
    }
    return -1;
  }

  /** Returns where the colon behind the time is; flags may stand before the time. */
  private static int timeColon(String line, int from) throws BadLineException {
    int colon = line.indexOf(':', from);
    if (colon < 0) {
      throw new BadLineException("no time and colon follow the CPU");
    }
    return colon;
  }
}
