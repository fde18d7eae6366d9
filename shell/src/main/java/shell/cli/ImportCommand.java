package shell.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import shell.text.ImportText;
import trace.TraceException;
import trace.TraceFormat;
import trace.importing.ImportReport;
import trace.importing.TraceImport;

/** {@code quarry import}: says what a trace file is, and converts it. */
@Command(
    name = "import",
    description = {
      "Says what a trace file is: its format, its events for each tier, what was live at most, what"
          + " is odd about it. With -o converts it to Quarry text.",
      "Read are Quarry's own texts and recordings, malloc-lab .rep, glibc mtrace, heaptrack,"
          + " ltrace, strace, and Linux kmem events of tracefs, trace-cmd and perf script; plain,"
          + " gzip or zstd. docs/import.md says how to record each."
    })
final class ImportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The file to read.")
  @Nullable Path file;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description = {
        "Write the trace as Quarry text to OUT, gzip if the name ends in .gz. Page events of a"
            + " kernel that come with slab events go to a file beside it, OUT's name with .frames"
            + " in it."
      })
  @Nullable Path output;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "The file's format, such as heaptrack or ftrace. Default: recognise it.")
  @Nullable String format;

  @Option(names = "--json", description = "Print one JSON object instead of text.")
  boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  boolean help;

  @Spec @Nullable CommandSpec spec;

  private final Terminal terminal;

  ImportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws TraceException {
    if (file == null) {
      throw new IllegalStateException("picocli sets what is required");
    }
    TraceImport trace = TraceImport.of(file, chosenFormat());
    ImportReport report = output == null ? trace.inspect() : trace.convert(output);
    if (json) {
      terminal.out().println(ImportText.json(report));
    } else {
      ImportText.print(report, terminal.out());
    }
    return 0;
  }

  private Optional<TraceFormat> chosenFormat() {
    String name = format;
    if (name == null) {
      return Optional.empty();
    }
    Optional<TraceFormat> named = TraceFormat.named(name);
    CommandSpec own = spec;
    if (named.isEmpty() && own != null) {
      throw new ParameterException(
          own.commandLine(), "--format " + name + ": known are " + TraceFormat.keys());
    }
    return named;
  }
}
