package trace.tool;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of {@code strace} or {@code ltrace}: a call with its result, the beginning or end of one
 * that others interrupted, or a remark. Before it may stand the process ({@code [pid 12]} or {@code
 * 12}) and the time in the forms of {@code -t} to {@code -ttt} and {@code -r}; behind it the time
 * taken, of {@code -T}.
 *
 * @param kind what line it is
 * @param pid process or thread, -1 if the line does not say
 * @param nanos when the call began, -1 if the line does not say
 * @param relative whether {@code nanos} counts from the line before
 * @param name the function's name, without a library before it; empty for a remark
 * @param arguments what stands in the parentheses, as far as this line has it
 * @param result what stands behind the equals sign, empty if the line has none
 */
public record CallLine(
    Kind kind,
    long pid,
    long nanos,
    boolean relative,
    String name,
    String arguments,
    String result) {
  /** What a line may be. */
  public enum Kind {
    /** A call and its result. */
    CALL,
    /** The beginning of a call. */
    UNFINISHED,
    /** The end of a call. */
    RESUMED,
    /** A process ended. */
    EXIT,
    /** A signal, or another remark of the tool. */
    REMARK,
    /** Something that the tool does not print. */
    FOREIGN
  }

  private static final Pattern BEGIN =
      Pattern.compile("(?:\\[pid +(\\d{1,10})\\] *|(\\d{1,10}) +(?=[^\\s.:]))?(.*)");
  private static final Pattern TIME =
      Pattern.compile("(?:(\\d\\d):(\\d\\d):(\\d\\d(?:\\.\\d{1,9})?)|(\\d+\\.\\d{1,9})) +(.*)");
  private static final Pattern NAME =
      Pattern.compile(
          "(?:[\\w.+-]+->)?(operator (?:new|delete)[^(]*\\([^)]*\\)|[A-Za-z_~][^(\"]*)\\((.*)");
  private static final Pattern RESUMED = Pattern.compile("<\\.\\.\\. (.+?) resumed> ?(.*)");
  private static final Pattern SPENT = Pattern.compile(" <\\d+\\.\\d+>$");
  private static final String UNFINISHED = "<unfinished ...>";
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /** Times of {@code -ttt} count from 1970, those of {@code -r} from the line before. */
  private static final long EPOCH_SECONDS = 100_000_000;

  /** Takes a line apart. Never fails: a line that is nothing else is {@link Kind#FOREIGN}. */
  public static CallLine parse(String line) {
    Matcher begin = BEGIN.matcher(line.strip());
    if (!begin.matches()) {
      return plain(Kind.FOREIGN, -1);
    }
    String number = begin.group(1) == null ? begin.group(2) : begin.group(1);
    long pid = number == null ? -1 : Long.parseLong(number);
    String rest = begin.group(3);
    Matcher time = TIME.matcher(rest);
    return time.matches() ? timed(pid, time) : call(pid, -1, false, rest);
  }

  /** Returns the arguments, split at commas outside of brackets, quotes and comments. */
  public List<String> list() {
    return Arguments.split(arguments);
  }

  /** Returns the call that this beginning and that end make together. */
  public CallLine joined(CallLine end) {
    return new CallLine(
        Kind.CALL, pid, nanos, relative, name, arguments + end.arguments, end.result);
  }

  /** Returns the same call of another process. */
  public CallLine of(long process) {
    return new CallLine(kind, process, nanos, relative, name, arguments, result);
  }

  /** Returns the result as an address or number; empty if it is an error or a question mark. */
  public Optional<Long> value() throws BadLineException {
    if (result.startsWith("-") || result.startsWith("?")) {
      return Optional.empty();
    }
    int end = result.indexOf(' ');
    return Optional.of(Numbers.unsigned(end < 0 ? result : result.substring(0, end), "result"));
  }

  /** Returns an argument as an address or number from 0 to 2^63 - 1. */
  public long number(int index, String what) throws BadLineException {
    return Numbers.unsigned(argument(index, what), what);
  }

  /** Returns an argument as it stands. */
  public String argument(int index, String what) throws BadLineException {
    List<String> all = list();
    if (index >= all.size()) {
      throw new BadLineException(what + " is missing");
    }
    return all.get(index);
  }

  private static CallLine timed(long pid, Matcher time) {
    try {
      String seconds = time.group(4);
      if (seconds != null) {
        long nanos = Numbers.nanos(seconds, "time");
        return call(pid, nanos, nanos / NANOS_PER_SECOND < EPOCH_SECONDS, time.group(5));
      }
      long minutes = Long.parseLong(time.group(1)) * 60 + Long.parseLong(time.group(2));
      long nanos = Numbers.nanos(time.group(3), "time") + minutes * 60 * NANOS_PER_SECOND;
      return call(pid, nanos, false, time.group(5));
    } catch (BadLineException e) {
      return plain(Kind.FOREIGN, pid);
    }
  }

  private static CallLine call(long pid, long nanos, boolean relative, String text) {
    if (text.startsWith("+++") && (text.contains("exited") || text.contains("killed"))) {
      return new CallLine(Kind.EXIT, pid, nanos, relative, "", "", "");
    } else if (text.startsWith("---") || text.startsWith("+++") || text.startsWith("strace: ")) {
      return new CallLine(Kind.REMARK, pid, nanos, relative, "", "", "");
    }
    Matcher resumed = RESUMED.matcher(text);
    if (resumed.matches()) {
      return ended(Kind.RESUMED, pid, nanos, relative, resumed.group(1), resumed.group(2));
    }
    Matcher named = NAME.matcher(text);
    if (!named.matches()) {
      return plain(Kind.FOREIGN, pid);
    }
    if (text.endsWith(UNFINISHED)) {
      String arguments = named.group(2);
      String known = arguments.substring(0, arguments.length() - UNFINISHED.length());
      return new CallLine(
          Kind.UNFINISHED, pid, nanos, relative, named.group(1), known.stripTrailing(), "");
    }
    return ended(Kind.CALL, pid, nanos, relative, named.group(1), named.group(2));
  }

  /** A line that ends in {@code ) = RESULT}; without that it is cut off, which the name tells. */
  private static CallLine ended(
      Kind kind, long pid, long nanos, boolean relative, String name, String text) {
    String whole = SPENT.matcher(text).replaceFirst("");
    int equals = resultSign(whole);
    if (equals < 0) {
      return new CallLine(Kind.FOREIGN, pid, nanos, relative, name, whole, "");
    }
    int close = whole.lastIndexOf(')', equals);
    return new CallLine(
        kind,
        pid,
        nanos,
        relative,
        name,
        whole.substring(0, close),
        whole.substring(equals + 1).strip());
  }

  /** Returns where the last equals sign is that follows a parenthesis and blanks, or -1. */
  private static int resultSign(String text) {
    int equals = text.lastIndexOf(" = ");
    while (equals >= 0) {
      int before = equals;
      while (before > 0 && text.charAt(before) == ' ') {
        before--;
      }
      if (text.charAt(before) == ')') {
        return equals + 1;
      }
      equals = equals == 0 ? -1 : text.lastIndexOf(" = ", equals - 1);
    }
    return -1;
  }

  private static CallLine plain(Kind kind, long pid) {
    return new CallLine(kind, pid, -1, false, "", "", "");
  }
}
