package shell.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import shell.text.ExplainText;
import workbench.explain.Explained;
import workbench.explain.Explainer;
import workbench.explain.Explainer.Which;

/** {@code quarry explain}: why a block landed where it did. */
@Command(
    name = "explain",
    description = {
      "Replays a trace up to an event, has the heap say how it would serve it (lists searched,"
          + " candidates refused), then makes the call and compares.",
      "Exit status 1 if the heap explained one place and took another."
    })
final class ExplainCommand implements Callable<Integer> {
  @Mixin final BootOptions boot = new BootOptions();

  @ParentCommand @Nullable QuarryCommand parent;

  @Parameters(paramLabel = "TRACE", arity = "0..1", description = "The trace.")
  @Nullable Path trace;

  @Option(names = "--trace", paramLabel = "TRACE", description = "The same as an option.")
  @Nullable Path traceOption;

  @ArgGroup(multiplicity = "1")
  @Nullable Chosen chosen;

  /** One of these. */
  static final class Chosen {
    @Option(
        names = "--event",
        paramLabel = "N",
        description = "The Nth event of the trace, from 1.")
    @Nullable Long event;

    @Option(names = "--line", paramLabel = "N", description = "The event of the Nth line, from 1.")
    @Nullable Long line;

    @Option(names = "--id", paramLabel = "ID", description = "The birth of the block with this id.")
    @Nullable Long id;

    Which which() {
      if (event != null) {
        return new Which.Event(event);
      }
      return line != null
          ? new Which.Line(line)
          : new Which.Birth(Objects.requireNonNull(id, "picocli demands one"));
    }
  }

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  boolean help;

  private final House house;
  private final Terminal terminal;

  ExplainCommand(House house, Terminal terminal) {
    this.house = house;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (parent != null) {
      boot.inherit(parent.boot);
    }
    Path file = trace != null ? trace : traceOption;
    if (file == null) {
      throw new IllegalArgumentException("explain needs a trace: explain --event N TRACE");
    }
    Which which = Objects.requireNonNull(chosen, "picocli demands it").which();
    Explained explained =
        new Explainer(house.kernel())
            .explain(file, boot.spec(house.maps(), house.samples()), which);
    ExplainText.print(explained, terminal.out());
    return explained.contradicted() ? 1 : 0;
  }
}
