package shell.cli;

import hardware.api.map.FirmwareMap;
import hardware.api.map.MapOptions;
import hardware.api.map.MapSection;
import hardware.api.map.SanitisedMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import shell.lint.LintJson;
import shell.lint.LintText;

/** {@code quarry lint}: what is in a firmware map, what is odd, what the sanitiser decided. */
@Command(
    name = "lint",
    description =
        "Shows what is in a firmware map, what is odd about it, and what the sanitiser decided.")
final class LintCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "MAP",
      description = "Firmware map: dmesg, EFI, UEFI shell or /proc/iomem text.")
  List<Path> files = new ArrayList<>();

  @Option(
      names = "--json",
      description = "Print a JSON object per map, on a line each, instead of text.")
  boolean json;

  @Option(
      names = "--section",
      paramLabel = "SECTION",
      description = "Which map of a log to use: ${COMPLETION-CANDIDATES}. Default: the last one.")
  MapSection section = MapSection.LAST;

  @Option(
      names = "--cmdline",
      paramLabel = "TEXT",
      description = "Kernel command line (mem=, memmap=, kernelcore= …) instead of the log's.")
  @Nullable String commandLine;

  @Option(
      names = "--lenient",
      description = "Warn about lines that do not parse, instead of refusing the map.")
  boolean lenient;

  @Option(
      names = "--keep-loader",
      description = "Treat what a UEFI loader hands back (Loader and Boot Services) as reserved.")
  boolean keepLoader;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  boolean help;

  private final House house;
  private final Terminal terminal;

  LintCommand(House house, Terminal terminal) {
    this.house = house;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    int failed = 0;
    for (Path file : files) {
      failed |= lint(file);
    }
    return failed;
  }

  private MapOptions options() {
    MapOptions options =
        MapOptions.DEFAULTS.withLenient(lenient).withSection(section).withLoaderUsable(!keepLoader);
    return commandLine == null ? options : options.withCommandLine(commandLine);
  }

  private int lint(Path file) {
    try {
      MapOptions options = options();
      FirmwareMap map = house.maps().read(file, options);
      SanitisedMap sane = house.maps().sanitise(map, options);
      terminal.out().println(json ? LintJson.render(map, sane) : LintText.render(map, sane));
      return 0;
    } catch (RuntimeException e) {
      terminal.err().println("quarry: " + Failures.text(e));
      return 1;
    }
  }
}
