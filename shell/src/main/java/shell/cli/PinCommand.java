package shell.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import shell.text.PinText;
import workbench.explain.Pins;

/** {@code quarry pin}: which live blocks keep memory from going home. */
@Command(
    name = "pin",
    description = {
      "Replays a trace up to an event or its end and shows which live blocks alone keep pages, 2"
          + " MiB blocks and spans from going home, each with the line of the trace that gave birth"
          + " to it."
    })
final class PinCommand implements Callable<Integer> {
  @Mixin final BootOptions boot = new BootOptions();

  @ParentCommand @Nullable QuarryCommand parent;

  @Parameters(paramLabel = "TRACE", description = "The trace.")
  @Nullable Path trace;

  @Option(
      names = "--event",
      paramLabel = "N",
      description = "Look after the Nth event, from 1. Default: after the last one.")
  @Nullable Long event;

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "How many of the worst blocks to name: ${DEFAULT-VALUE}.")
  int top = 10;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  boolean help;

  private final House house;
  private final Terminal terminal;

  PinCommand(House house, Terminal terminal) {
    this.house = house;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (parent != null) {
      boot.inherit(parent.boot);
    }
    Path file = Objects.requireNonNull(trace, "picocli demands it");
    OptionalLong last = event == null ? OptionalLong.empty() : OptionalLong.of(event);
    PinText.print(
        new Pins(house.kernel())
            .find(file, boot.spec(house.maps(), house.samples()), last, Math.max(0, top)),
        terminal.out());
    return 0;
  }
}
