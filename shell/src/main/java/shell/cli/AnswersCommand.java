package shell.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import shell.report.SvgPlot;
import workbench.answers.Answers;
import workbench.answers.Lab;

/** {@code quarry answers}: experiments on the shipped samples, written as a page. */
@Command(
    name = "answers",
    description = {
      "Runs an experiment for each of seven questions about memory management, on the shipped maps"
          + " and traces, and writes what came of them as Markdown with plots (SVG) beside it:"
          + " docs/answers.md is made this way.",
      "All figures are counted: they are the same on every host. Fails, and writes nothing, if a"
          + " conclusion of the text does not agree with its figures."
    })
final class AnswersCommand implements Callable<Integer> {
  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "The page to write; plots go into the directory beside it that is named as it is."
              + " Default: ${DEFAULT-VALUE}.",
      defaultValue = "docs/answers.md")
  Path out = Path.of("docs", "answers.md");

  @Option(
      names = "--only",
      paramLabel = "QUESTION",
      description =
          "Ask only these, apart by commas: begin, shrink, reuse, fixed, zones, spans, concept.",
      split = ",")
  List<String> only = new ArrayList<>();

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Runs counted at once. Default: the host's CPUs.")
  int jobs = Runtime.getRuntime().availableProcessors();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  boolean help;

  private final House house;
  private final Terminal terminal;

  AnswersCommand(House house, Terminal terminal) {
    this.house = house;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    List<String> keys = only.isEmpty() ? Answers.keys() : only;
    refuseUnknown(keys);
    Path page = out.toAbsolutePath();
    Files.createDirectories(page.getParent());
    Path scratch = Files.createTempDirectory("quarry-answers");
    try {
      Lab lab =
          new Lab(
              house.kernel(),
              house.maps(),
              house.samples().home().resolve("samples"),
              scratch,
              Lab.SETTINGS,
              jobs,
              this::tell);
      new Answers(lab, SvgPlot::write)
          .write(keys, page, LocalDate.now(ZoneOffset.UTC), house.version());
    } finally {
      remove(scratch);
    }
    terminal.out().println(out + " written");
    return 0;
  }

  private static void refuseUnknown(List<String> keys) {
    for (String key : keys) {
      if (!Answers.keys().contains(key)) {
        throw new IllegalArgumentException(
            "--only %s: no such question; there are %s"
                .formatted(key, String.join(", ", Answers.keys())));
      }
    }
  }

  private void tell(String what) {
    if (terminal.live()) {
      terminal.err().println(what);
    }
  }

  private static void remove(Path scratch) throws IOException {
    try (Stream<Path> files = Files.list(scratch)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(scratch);
  }
}
