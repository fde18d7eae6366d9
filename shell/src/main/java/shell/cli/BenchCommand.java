package shell.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import kernel.api.BootSpec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import shell.text.BenchText;
import workbench.synthetic.Bench;
import workbench.synthetic.BenchResult;
import workbench.synthetic.Generator;
import workbench.synthetic.Generators;

/** {@code quarry bench}: the field's own benchmarks, providers side by side. */
@Command(
    name = "bench",
    description = {
      "Runs a benchmark that allocator papers and kernels measure with, on real threads with a CPU"
          + " and a port each, on every combination of the providers named.",
      "`bench list` lists them, `bench list NAME` says what can be set of one; docs/workloads.md"
          + " describes each. Rates are wall clock of this host; all else is counted."
    })
final class BenchCommand implements Callable<Integer> {
  private static final int INTERRUPTED = 130; // as a shell has it for SIGINT
  private static final String LIST = "list";

  @Mixin final BootOptions boot = new BootOptions();

  @ParentCommand @Nullable QuarryCommand parent;

  @Parameters(index = "0", paramLabel = "NAME", description = "The benchmark; or list.")
  String name = LIST;

  @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "What to list.")
  @Nullable String listed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads, 1 to 256; thread n calls as CPU n modulo the CPUs. Default: 2.")
  int threads = 2;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Decides all that is random: ${DEFAULT-VALUE}.")
  long seed = 1;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      description = "Timed runs of each stack, after one that is counted. Default: 5.")
  int repeat = 5;

  @Option(
      names = {"-p", "--param"},
      paramLabel = "NAME=VALUE",
      description = "A parameter of the benchmark; may be repeated.")
  Map<String, Long> chosen = new LinkedHashMap<>();

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write all figures as a JSON array to FILE; - for standard output.")
  @Nullable String json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  boolean help;

  private final House house;
  private final Terminal terminal;

  BenchCommand(House house, Terminal terminal) {
    this.house = house;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (parent != null) {
      boot.inherit(parent.boot);
    }
    if (name.equals(LIST)) {
      list();
      return 0;
    }
    if (listed != null) {
      throw new IllegalArgumentException(
          "%s: one benchmark at a time; parameters are written -p NAME=VALUE".formatted(listed));
    }
    Generator<?> generator = Generators.named(name);
    Bench bench = new Bench(house.kernel(), threads, seed, repeat);
    var parameters = workbench.synthetic.Parameters.of(generator, chosen);
    refuseOverwriting();
    List<BootSpec> stacks = boot.specs(house.maps(), house.samples(), house.kernel());
    try {
      write(bench.run(generator, parameters, stacks));
      return 0;
    } catch (CancellationException e) {
      terminal.err().println("quarry: " + e.getMessage());
      return INTERRUPTED;
    }
  }

  private void list() {
    BenchText text = new BenchText(terminal.out());
    if (listed == null) {
      text.list(Generators.all());
    } else {
      text.describe(Generators.named(listed));
    }
  }

  private void refuseOverwriting() throws IOException {
    if (json != null && !json.equals("-")) {
      Outputs.refuse(List.of(Path.of(json)), Matrix.mapFiles(boot, house.samples()));
    }
  }

  private void write(List<BenchResult> results) throws IOException {
    if (json == null) {
      new BenchText(terminal.out()).print(results);
    } else if (json.equals("-")) {
      terminal.out().println(Bench.json(results));
    } else {
      Files.writeString(Path.of(json), Bench.json(results) + "\n");
      new BenchText(terminal.out()).print(results);
    }
  }
}
