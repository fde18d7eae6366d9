package hardware.sim.map;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes off what logs, terminals and mail programs add to the lines of a map: carriage returns,
 * colour codes, HTML line breaks, quoted-printable soft breaks, quoting, log levels, time stamps,
 * host names, hypervisor tags. Indentation behind all that is kept, since {@code /proc/iomem} means
 * something by it.
 */
final class LineCleaner {
  /**
   * Lengths of a line that quoted-printable may have broken: the standard breaks at 76, and each
   * level of quoting added afterwards makes it 2 longer. Shorter lines that end in {@code =} are
   * taken as they are.
   */
  private static final int SHORTEST_SOFT = 60;

  private static final int LONGEST_SOFT = 90;

  /**
   * A kernel's command line has at most 4096 bytes, and a map line far fewer: whatever is longer is
   * no log, and not worth the time that patterns would take over it.
   */
  private static final int LONGEST_LINE = 8192;

  private static final Pattern SOFT_BREAK = Pattern.compile("=[ \t]*$");
  private static final Pattern ESCAPED = Pattern.compile("(?:=[0-9A-F]{2})+");
  private static final Pattern QUOTE = Pattern.compile("^\\s*> ?");
  private static final Pattern HTML_BREAK = Pattern.compile("<br\\s*/?>");
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*[A-Za-z]");

  /** Prefixes that may stand in front of one another in any order. */
  private static final List<Pattern> PREFIXES =
      List.of(
          QUOTE,
          Pattern.compile("^\\s*<\\d{1,3}>"),
          Pattern.compile("^\\s*\\[\\s*[+-]?\\d+\\.\\d+\\] ?"),
          Pattern.compile("^\\s*\\[\\s*[TC]\\d+\\] ?"),
          Pattern.compile("^\\s*\\[[A-Z][a-z]{2} [A-Z][a-z]{2}\\s+\\d+ [\\d:]{8} \\d{4}\\] ?"),
          Pattern.compile("^\\s*\\[\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?\\] ?"),
          Pattern.compile("^\\s*[A-Z][a-z]{2}\\s+\\d{1,2} [\\d:]{8}(?:\\.\\d+)? \\S+ kernel: ?"),
          Pattern.compile("^\\s*\\d{4}-\\d\\d-\\d\\dT[\\d:.,]+(?:Z|[+-][\\d:]+)? \\S+ kernel: ?"),
          Pattern.compile("^\\s*\\d{4}-\\d\\d-\\d\\dT[\\d:.,]+(?:Z|[+-][\\d:]+)? ?"),
          Pattern.compile("^\\s*\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)? +"),
          Pattern.compile("^\\s*(?:\\S+ )?kernel: ?"),
          Pattern.compile("^\\s*kern\\s*:\\s*[a-z]+\\s*: ?"),
          Pattern.compile("^\\s*\\((?:XEN|d\\d+)\\) ?"),
          Pattern.compile("^\\s*HVM\\d+: ?"),
          Pattern.compile("^\\s*(?:\\[ ?)?(?:INFO|DEBUG|TRACE) ?\\]?: ?"));

  private LineCleaner() {}

  /** The logical lines of the given input lines, cleaned. */
  static List<TextLine> clean(List<String> lines) {
    List<TextLine> joined = new ArrayList<>();
    boolean quotedPrintable = joinSoftBreaks(lines, joined);
    List<TextLine> cleaned = new ArrayList<>(joined.size());
    for (TextLine line : joined) {
      String text = quotedPrintable ? decode(line.text()) : line.text();
      HTML_BREAK
          .splitAsStream(text)
          .filter(part -> part.length() <= LONGEST_LINE)
          .map(part -> new TextLine(line.line(), line.lastLine(), strip(part)))
          .forEach(cleaned::add);
    }
    return cleaned;
  }

  /** Appends the logical lines to {@code joined}; whether a soft break was among them. */
  private static boolean joinSoftBreaks(List<String> lines, List<TextLine> joined) {
    boolean found = false;
    for (int i = 0; i < lines.size(); i++) {
      int first = i;
      StringBuilder text = new StringBuilder(printable(lines.get(i)));
      while (i + 1 < lines.size() && softBreak(printable(lines.get(i)))) {
        found = true;
        text.setLength(text.lastIndexOf("="));
        text.append(unquoted(printable(lines.get(++i))));
      }
      joined.add(new TextLine(first + 1, i + 1, text.toString()));
    }
    return found;
  }

  private static String unquoted(String line) {
    String text = line;
    for (Matcher m = QUOTE.matcher(text); m.lookingAt(); m = QUOTE.matcher(text)) {
      text = text.substring(m.end());
    }
    return text;
  }

  private static boolean softBreak(String line) {
    return line.length() >= SHORTEST_SOFT
        && line.length() <= LONGEST_SOFT
        && SOFT_BREAK.matcher(line).find();
  }

  private static String printable(String line) {
    String plain = COLOUR.matcher(line).replaceAll("");
    return plain.replace("\r", "").replace('\u00a0', ' ').replace("\ufeff", "");
  }

  private static String decode(String text) {
    Matcher m = ESCAPED.matcher(text);
    return m.replaceAll(run -> Matcher.quoteReplacement(bytes(run.group())));
  }

  private static String bytes(String run) {
    byte[] decoded = new byte[run.length() / 3];
    for (int i = 0; i < decoded.length; i++) {
      decoded[i] = (byte) Integer.parseInt(run, 3 * i + 1, 3 * i + 3, 16);
    }
    return new String(decoded, StandardCharsets.UTF_8).replace('\u00a0', ' ');
  }

  private static String strip(String line) {
    String text = line.replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&");
    for (boolean again = true; again; ) {
      again = false;
      for (Pattern prefix : PREFIXES) {
        Matcher m = prefix.matcher(text);
        if (m.lookingAt() && m.end() > 0) {
          text = text.substring(m.end());
          again = true;
        }
      }
    }
    return text.stripTrailing();
  }
}
