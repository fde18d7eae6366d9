package hardware.sim.map;

import hardware.api.map.BootLog;
import hardware.api.map.Finding;
import hardware.api.map.MapException;
import hardware.api.map.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One pass over the lines of an input, which offers each line to each format and sorts what they
 * read into maps.
 *
 * <p>Mail programs wrap lines. So a line that begins like one of a format and cannot be read is
 * tried again with the next line appended, up to {@value #MAX_WRAPS} times, as long as the lines
 * appended do not begin like map lines themselves.
 */
final class LogScan {
  /** The longest map line, an EFI descriptor, has 160 columns: three lines of a narrow mail. */
  private static final int MAX_WRAPS = 3;

  private static final List<LineFormat> FORMATS =
      List.of(
          new E820Lines(),
          new EfiMemLines(),
          new EfiStubLines(),
          new GrubLsmmap(),
          new Grub4Dos(),
          new LimineProtocol(),
          new EsxMmap(),
          new RustUefi(),
          new BsdSmap(),
          new SeaBiosE820(),
          new XenE820(),
          new LimineEfi(),
          new UefiShellMemmap(),
          new SysfsMemmap(),
          new IomemLines());

  private static final Pattern BOOT = Pattern.compile("^\\s*Linux version \\d");
  private static final Pattern COMMAND_LINE =
      Pattern.compile("^\\s*(?:Kernel command line|Command line): ?(.*)$");
  private static final Pattern KERNEL_CHANGE =
      Pattern.compile("^\\s*e820: (?:update|remove) \\[mem .*$");

  private final String name;
  private final boolean lenient;
  private final List<TextLine> lines;
  private final List<FoundMap> maps = new ArrayList<>();
  private final List<FoundMap> open = new ArrayList<>();
  private final NumaLines numa = new NumaLines();
  private final LogFacts facts = new LogFacts();
  private final List<Finding> findings = new ArrayList<>();
  private String commandLine = "";
  private int broken;

  LogScan(String name, List<TextLine> lines, boolean lenient) {
    this.name = name;
    this.lines = lines;
    this.lenient = lenient;
  }

  /** The maps found, in the order of their first lines. */
  List<FoundMap> maps() {
    return maps;
  }

  /** What the log says about NUMA nodes. */
  NumaLines numa() {
    return numa;
  }

  /** What the log tells beside map, nodes and command line. */
  BootLog facts() {
    return facts.facts(numa.early());
  }

  /** What there was to notice, in line order. */
  List<Finding> findings() {
    return findings;
  }

  /** The kernel command line; empty if the log quotes none. */
  String commandLine() {
    return commandLine;
  }

  /** Number of lines that began like map lines and could not be read. */
  int broken() {
    return broken;
  }

  /**
   * Reads all lines.
   *
   * @throws MapException at the first broken line unless lenient
   */
  LogScan run() {
    for (int i = 0; i < lines.size(); ) {
      facts.accept(lines.get(i).text());
      i += take(i);
    }
    return this;
  }

  /** Takes in line {@code i} and its continuations; how many lines that was. */
  private int take(int i) {
    TextLine line = lines.get(i);
    for (LineFormat format : FORMATS) {
      LineReading reading = format.read(line.text());
      if (!(reading instanceof LineReading.Foreign)) {
        return take(i, format, reading);
      }
    }
    remark(line);
    return 1;
  }

  private int take(int i, LineFormat format, LineReading reading) {
    switch (reading) {
      case LineReading.Range range -> openMap(format, lines.get(i), range).add(lines.get(i), range);
      case LineReading.Header header -> open.removeIf(m -> m.format().rank() == format.rank());
      case LineReading.Broken cause -> {
        return unwrap(i, format, cause);
      }
      case LineReading.Remark remark -> {}
      case LineReading.Foreign foreign -> {}
    }
    return 1;
  }

  private int unwrap(int i, LineFormat format, LineReading.Broken cause) {
    for (String glue : List.of(" ", "")) {
      TextLine joined = lines.get(i);
      for (int k = 1; k <= MAX_WRAPS && i + k < lines.size() && continues(i + k); k++) {
        joined = joined.joined(lines.get(i + k), glue);
        if (format.read(joined.text()) instanceof LineReading.Range range) {
          openMap(format, joined, range).add(joined, range);
          return k + 1;
        }
      }
    }
    refuse(lines.get(i), cause.reason());
    return 1;
  }

  private boolean continues(int i) {
    String text = lines.get(i).text();
    return !text.isBlank()
        && !NumaLines.like(text)
        && FORMATS.stream().allMatch(f -> f.read(text) instanceof LineReading.Foreign);
  }

  private void refuse(TextLine line, String reason) {
    broken++;
    if (!lenient) {
      throw new MapException(
          name,
          line.line(),
          line.text().strip(),
          "map line cannot be read: " + reason,
          "correct the line from its source, or use --lenient to leave it out");
    }
    findings.add(
        new Finding(Severity.WARNING, "unreadable-line", line.line(), "left out: " + reason));
  }

  private FoundMap openMap(LineFormat format, TextLine line, LineReading.Range range) {
    if (format.restarts(line.text())) {
      open.removeIf(m -> m.format().equals(format));
    }
    Optional<FoundMap> current =
        open.stream()
            .filter(m -> m.format().equals(format) && m.section() == range.section())
            .findFirst();
    return current.orElseGet(() -> newMap(new FoundMap(format, range.section())));
  }

  private FoundMap newMap(FoundMap map) {
    maps.add(map);
    open.add(map);
    return map;
  }

  private void remark(TextLine line) {
    String text = line.text();
    Matcher command = COMMAND_LINE.matcher(text);
    if (command.matches()) {
      commandLine = command.group(1).strip();
    } else if (BOOT.matcher(text).lookingAt()) {
      open.clear();
      numa.clear();
      facts.clear();
    } else if (KERNEL_CHANGE.matcher(text).matches()) {
      String message = "the kernel's own change, not firmware's, is not applied: " + text.strip();
      findings.add(new Finding(Severity.INFO, "kernel-change", line.line(), message));
    } else if (!numa.accept(line) && NumaLines.like(text)) {
      String message = "NUMA range cannot be read: " + text.strip();
      findings.add(new Finding(Severity.WARNING, "unreadable-node", line.line(), message));
    }
  }
}
