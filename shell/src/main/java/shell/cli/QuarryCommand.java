package shell.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command without a name: boots and leaves the terminal to the prompt. */
@Command(
    name = "quarry",
    version = "unused: see VersionText",
    synopsisHeading = "Usage: ",
    description = {
      "A workbench for memory allocators: boots a simulated machine from a real firmware map, runs"
          + " a stack of three allocator tiers on it, and replays real programs' traces.",
      "",
      "Without a command, boots and opens the prompt; `help` there lists its commands."
    },
    footer = {
      "",
      "Exit status: 0 all well; 1 the command failed; 2 wrong usage; 69 no JDK 25 found; 70 the"
          + " framework did not start; 130 interrupted.",
      "Options of a command: quarry COMMAND --help"
    },
    subcommands = {
      TourCommand.class,
      ExecCommand.class,
      LintCommand.class,
      ReplayCommand.class,
      CompareCommand.class,
      AgeCommand.class,
      BenchCommand.class,
      AnswersCommand.class,
      ExplainCommand.class,
      PinCommand.class,
      ImportCommand.class,
      RecordCommand.class,
      VerifyCommand.class,
    })
final class QuarryCommand implements Callable<Integer> {
  /** The launcher's sign that the prompt is wanted. */
  private static final int PROMPT = -1;

  @Mixin final BootOptions boot = new BootOptions();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the version.")
  boolean version;

  private final House house;

  QuarryCommand(House house) {
    this.house = house;
  }

  @Override
  public Integer call() throws Exception {
    boot.bundles.install(house.bundles());
    house.kernel().start(boot.spec(house.maps(), house.samples()));
    return PROMPT;
  }
}
