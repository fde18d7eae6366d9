package workbench.answers;

import allocator.api.Tier;
import hardware.api.map.FirmwareMap;
import hardware.api.map.FirmwareMaps;
import hardware.api.map.MapOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import trace.FormatDetector;
import trace.TraceFormat;
import workbench.Warmup;
import workbench.compare.Cell;
import workbench.compare.CellResult;
import workbench.compare.Comparison;
import workbench.compare.Plan;
import workbench.compare.StateFile;
import workbench.compare.TraceShape;

/**
 * What experiments work with.
 *
 * @param kernel boots the machines
 * @param maps reads firmware maps
 * @param samples the directory of the shipped samples
 * @param scratch a directory for traces that are made up
 * @param settings what every machine is set to: {@link #SETTINGS}, unless a test has none
 * @param jobs counted runs at once
 * @param progress is told what is being done
 */
public record Lab(
    Kernel kernel,
    FirmwareMaps maps,
    Path samples,
    Path scratch,
    List<String> settings,
    int jobs,
    Consumer<String> progress) {
  /** The machine on which everything but the map question runs. */
  static final String MACHINE = "qemu-pc-512m.txt";

  private static final int SAMPLES = 60;

  /** What every machine is set to, so that no figure depends on the host's CPUs. */
  public static final List<String> SETTINGS = List.of("machine:cpus=2", "kernel:ready.bytes=0");

  /** {@return the shipped traces of heaps, by name} */
  List<Path> traces() throws IOException {
    return files("traces", ".trace.gz").stream()
        .filter(file -> FormatDetector.tierOf(file) == TraceFormat.Tier.HEAP)
        .toList();
  }

  /** {@return the shipped firmware maps, by name} */
  List<Path> mapFiles() throws IOException {
    return files("maps", ".txt");
  }

  private List<Path> files(String folder, String end) throws IOException {
    try (Stream<Path> all = Files.list(samples.resolve(folder))) {
      return all.filter(file -> file.getFileName().toString().endsWith(end)).sorted().toList();
    }
  }

  /** {@return the plain machine with such a stack: a name for each tier} */
  BootSpec stack(String physmem, String vmem, String heap, String... more) {
    FirmwareMap map = maps.read(samples.resolve("maps").resolve(MACHINE), MapOptions.DEFAULTS);
    return stack(map, physmem, vmem, heap, more);
  }

  /** {@return a machine with such a stack} */
  BootSpec stack(FirmwareMap map, String physmem, String vmem, String heap, String... more) {
    List<String> all = new ArrayList<>(settings);
    all.addAll(List.of(more));
    return new BootSpec(
        map, true, Map.of(Tier.PHYSMEM, physmem, Tier.VMEM, vmem, Tier.HEAP, heap), all);
  }

  /** {@return a booted system; the caller closes it} */
  BootedSystem boot(BootSpec spec) {
    return kernel.boot(spec);
  }

  /**
   * Counts one run of a trace on each stack.
   *
   * @param trace the trace
   * @param stacks what to boot
   * @return the results in the same order; births without memory do not count as failures
   * @throws AnswerException if a run fails
   */
  List<CellResult> count(TraceShape trace, List<BootSpec> stacks) throws IOException {
    Plan plan = new Plan(1, 0, SAMPLES, false, Warmup.NONE, jobs);
    List<Cell> cells = stacks.stream().map(stack -> new Cell(trace, stack, List.of(), "")).toList();
    List<CellResult> results =
        new Comparison(kernel, plan, StateFile.none(), units -> {}).run(cells);
    for (CellResult result : results) {
      if (result.failure().isPresent()) {
        throw new AnswerException(result.cell().traceName(), result.failure().get());
      }
    }
    return results;
  }
}
