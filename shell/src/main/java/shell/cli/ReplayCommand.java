package shell.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import shell.text.OutcomeText;
import trace.TraceFormat;
import workbench.ReplayRequest;
import workbench.Warmup;

/** {@code quarry replay}: replays traces, each on a machine of its own. */
@Command(
    name = "replay",
    description = {
      "Replays programs' allocation traces through a stack of allocators, each on a machine booted"
          + " for it alone, and shows what came of it. Traces of page frames call physmem alone,"
          + " traces of mapped ranges vmem and page tables; the file says which it is.",
      "--physmem, --vmem and --heap take several names apart by commas, or all: then each trace is"
          + " replayed on every combination, a line each.",
      "Exit status 1 if an allocation failed, a block was damaged, or a frame did not go home."
    })
final class ReplayCommand implements Callable<Integer> {
  private static final int INTERRUPTED = 130; // as a shell has it for SIGINT

  @Mixin final BootOptions boot = new BootOptions();

  @ParentCommand @Nullable QuarryCommand parent;

  @Parameters(
      arity = "1..*",
      paramLabel = "TRACE",
      description =
          "Trace: Quarry text of any tier, or any other heap or range format that `quarry import`"
              + " reads.")
  List<Path> traces = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "Format of the traces, such as quarry or heaptrack. Default: recognise it.")
  @Nullable String format;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write one JSON object per trace to FILE, a line each; - for standard output.")
  @Nullable String json;

  @Option(
      names = "--placements",
      paramLabel = "FILE",
      description = "Write a line `ID OFFSET` for each block born; takes one heap trace only.")
  @Nullable Path placements;

  @Option(
      names = "--check",
      description =
          "Fill each block with a pattern; verify it at resize, free and end. Of frames and ranges:"
              + " keep a shadow of what is live, and compare.")
  boolean check;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      description = {
        "Replay each trace N times untimed first, each time on a machine that is thrown away, so"
            + " that the time is that of compiled code. Default: as often as a small trace needs,"
            + " for 8 seconds at most, and not at all with --check."
      })
  @Nullable Integer warmup;

  @Option(
      names = "--no-warmup",
      description = "Time the first replay, most of which the JVM spends interpreting.")
  boolean cold;

  @Option(
      names = "--keep",
      description = "Leave the machine as it is after the last event; do not free what leaked.")
  boolean keep;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  boolean help;

  @Spec @Nullable CommandSpec spec;

  /** The system to replay on when nothing is said of a stack; empty for a machine of its own. */
  Optional<BootedSystem> live = Optional.empty();

  private final House house;
  private final Terminal terminal;

  ReplayCommand(House house, Terminal terminal) {
    this.house = house;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (parent != null) {
      boot.inherit(parent.boot);
    }
    if (placements != null && traces.size() > 1) {
      throw usage("--placements takes one trace, not " + traces.size());
    }
    refuseOverwriting();
    Optional<TraceFormat> chosen = chosenFormat();
    boot.bundles.install(house.bundles());
    List<BootSpec> stacks = boot.specs(house.maps(), house.samples(), house.kernel());
    if (placements != null && stacks.size() > 1) {
      throw usage("--placements takes one stack, not " + stacks.size());
    }
    Map<Path, TraceKind> kinds = kinds(chosen);
    int bad = 0;
    try (Json out = Json.to(json, terminal)) {
      for (Path trace : traces) {
        TraceKind kind = Objects.requireNonNull(kinds.get(trace), "every trace has a kind");
        for (BootSpec stack : stacks) {
          if (house.ending()) {
            return INTERRUPTED;
          }
          bad += replay(kind, request(trace, chosen, stack), stacks.size() > 1, out) ? 0 : 1;
        }
        if (!out.onStandardOutput()) {
          kind.endOfTrace(terminal.out());
        }
      }
      if (stacks.size() > 1 && !out.onStandardOutput()) {
        OutcomeText.printSum(traces.size() * stacks.size(), bad, terminal.out());
      }
    }
    return bad == 0 ? 0 : 1;
  }

  /** {@return how each trace is replayed; all are looked at before the first is} */
  private Map<Path, TraceKind> kinds(Optional<TraceFormat> chosen) {
    Optional<BootedSystem> running = boot.untouched() ? live : Optional.empty();
    Map<Path, TraceKind> kinds = new HashMap<>();
    for (Path trace : traces) {
      TraceFormat.Tier tier = TraceTier.of(trace, chosen);
      Optional<String> refusal = TraceTier.refusal(trace, tier, boot, placements != null);
      if (refusal.isPresent()) {
        throw usage(refusal.get());
      }
      kinds.put(trace, kind(tier, running));
    }
    return kinds;
  }

  private TraceKind kind(TraceFormat.Tier tier, Optional<BootedSystem> running) {
    return switch (tier) {
      case HEAP -> new HeapTraces(house.kernel(), running);
      case PHYSMEM -> TierTraces.frames(house.kernel(), running);
      case VMEM -> TierTraces.ranges(house.kernel(), running);
    };
  }

  // An output that is an input, or the other output, would destroy it.
  private void refuseOverwriting() throws IOException {
    List<Path> outputs = new ArrayList<>();
    Optional.ofNullable(placements).ifPresent(outputs::add);
    Optional.ofNullable(json)
        .filter(name -> !name.equals("-"))
        .map(Path::of)
        .ifPresent(outputs::add);
    List<Path> taken = new ArrayList<>(traces);
    Optional.ofNullable(boot.map).ifPresent(taken::add);
    for (Path output : outputs) {
      for (Path other : taken) {
        if (same(output, other)) {
          throw usage(output + " would be overwritten: it is " + other + " as well");
        }
      }
      taken.add(output);
    }
  }

  private static boolean same(Path one, Path other) throws IOException {
    return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize())
        || (Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other));
  }

  private Optional<TraceFormat> chosenFormat() {
    String name = format;
    if (name == null) {
      return Optional.empty();
    }
    Optional<TraceFormat> named = TraceFormat.named(name);
    if (named.isEmpty()) {
      throw usage("--format " + name + ": known are " + TraceFormat.keys());
    }
    return named;
  }

  private Warmup chosenWarmup() {
    Integer passes = warmup;
    if (cold || (check && passes == null)) {
      return Warmup.NONE;
    }
    if (passes != null && passes < 0) {
      throw usage("--warmup " + passes + ": not a number of replays");
    }
    return passes == null ? Warmup.DEFAULT : Warmup.exactly(passes);
  }

  private ParameterException usage(String message) {
    CommandSpec own = Objects.requireNonNull(spec, "picocli sets it before the call");
    return new ParameterException(own.commandLine(), message);
  }

  private ReplayRequest request(Path trace, Optional<TraceFormat> chosen, BootSpec stack) {
    return new ReplayRequest(
        trace,
        chosen,
        stack,
        chosenWarmup(),
        check,
        keep,
        Optional.ofNullable(placements),
        (position, total) -> {});
  }

  private boolean replay(TraceKind kind, ReplayRequest request, boolean brief, Json out) {
    String name = request.trace().getFileName().toString();
    try (Progress progress = Progress.of(terminal, name)) {
      TraceKind.Played played = kind.play(request.progress(progress));
      progress.finish();
      out.write(played.json());
      if (!out.onStandardOutput()) {
        played.print(brief, terminal.out());
      }
      return played.good();
    } catch (IOException | RuntimeException e) {
      String which = brief ? name + " on " + request.stack().providers().values() + ": " : "";
      terminal.err().println("quarry: " + which + Failures.text(e));
      return false;
    }
  }

  /** The stream of JSON lines, if one is wanted. */
  private record Json(Optional<BufferedWriter> file, Optional<PrintStream> standard)
      implements AutoCloseable {
    static Json to(@Nullable String name, Terminal terminal) throws IOException {
      if (name == null) {
        return new Json(Optional.empty(), Optional.empty());
      }
      return name.equals("-")
          ? new Json(Optional.empty(), Optional.of(terminal.out()))
          : new Json(Optional.of(Files.newBufferedWriter(Path.of(name))), Optional.empty());
    }

    boolean onStandardOutput() {
      return standard.isPresent();
    }

    void write(String line) throws IOException {
      standard.ifPresent(out -> out.println(line));
      if (file.isPresent()) {
        file.get().write(line);
        file.get().newLine();
      }
    }

    @Override
    public void close() throws IOException {
      if (file.isPresent()) {
        file.get().close();
      }
    }
  }
}
