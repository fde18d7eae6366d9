package shell.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import kernel.api.BootSpec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import shell.age.AgeText;
import workbench.age.AgeResult;
import workbench.age.AgeSpec;
import workbench.age.Ageing;

/** {@code quarry age}: months of churn on page frames, and what is left of large blocks. */
@Command(
    name = "age",
    description = {
      "Lets machines age: simulated days of programs, page cache and kernel memory on page frames,"
          + " the same requests for each provider, and each midnight a look at what is left of"
          + " blocks of order 9 (huge pages), without and with compaction.",
      "--physmem takes several names apart by commas, or all. docs/workloads.md describes the"
          + " model, its sources and each figure."
    })
final class AgeCommand implements Callable<Integer> {
  private static final int INTERRUPTED = 130; // as a shell has it for SIGINT
  private static final int DAYS_OF_MONTH = 30;
  private static final int DEFAULT_MONTHS = 3;

  @Mixin final BootOptions boot = new BootOptions();

  @ParentCommand @Nullable QuarryCommand parent;

  @Option(
      names = "--months",
      paramLabel = "N",
      description = "Simulated months of 30 days. Default: 3.")
  @Nullable Integer months;

  @Option(names = "--days", paramLabel = "N", description = "Simulated days, instead of months.")
  @Nullable Integer days;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Decides all that is random: ${DEFAULT-VALUE}.")
  long seed = 1;

  @Option(
      names = "--fill",
      paramLabel = "PERCENT",
      description = "RAM in use at the busiest hour; 20 less at midnight. Default: 85.")
  int fill = 85;

  @Option(
      names = "--churn",
      paramLabel = "PERCENT",
      description = "Frames asked for in a day, of RAM. Default: 100.")
  int churn = 100;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write all figures as one JSON object to FILE; - for standard output.")
  @Nullable String json;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Write a line of figures per run and day to FILE; - for standard output.")
  @Nullable String csv;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  boolean help;

  private final House house;
  private final Terminal terminal;

  AgeCommand(House house, Terminal terminal) {
    this.house = house;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (parent != null) {
      boot.inherit(parent.boot);
    }
    if (months != null && days != null) {
      throw new IllegalArgumentException("--months and --days: give one of them");
    }
    AgeSpec spec = new AgeSpec(chosenDays(), seed, fill, churn);
    refuseOverwriting();
    List<BootSpec> machines = boot.specs(house.maps(), house.samples(), house.kernel());
    try {
      Ageing ageing = new Ageing(house.kernel(), spec);
      write(ageing, ageing.run(machines));
      return 0;
    } catch (CancellationException e) {
      terminal.err().println("quarry: " + e.getMessage());
      return INTERRUPTED;
    }
  }

  private int chosenDays() {
    return Objects.requireNonNullElseGet(
        days, () -> Objects.requireNonNullElse(months, DEFAULT_MONTHS) * DAYS_OF_MONTH);
  }

  private void refuseOverwriting() throws IOException {
    List<Path> outputs = new ArrayList<>();
    for (String name : Stream.of(json, csv).filter(Objects::nonNull).toList()) {
      if (!name.equals("-")) {
        outputs.add(Path.of(name));
      }
    }
    Outputs.refuse(outputs, Matrix.mapFiles(boot, house.samples()));
  }

  private void write(Ageing ageing, List<AgeResult> results) throws IOException {
    if (json != null) {
      write(json, List.of(ageing.json(results).toString()));
    }
    if (csv != null) {
      write(csv, Ageing.csv(results));
    }
    if (!"-".equals(json) && !"-".equals(csv)) {
      new AgeText(terminal.out()).print(results);
    }
  }

  private void write(String where, List<String> lines) throws IOException {
    if (where.equals("-")) {
      lines.forEach(terminal.out()::println);
    } else {
      Files.write(Path.of(where), lines);
    }
  }
}
