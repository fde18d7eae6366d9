package workbench.age;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.Kernel;

/** The laboratory: the same months on the machines of several providers, one after the other. */
public final class Ageing {
  private static final String HEAD =
      "physmem,compaction,day,live,free,wanted,got,free_huge,extfrag_9,mixed,split,failed,moved";

  private final Kernel kernel;
  private final AgeSpec spec;

  /**
   * Prepares.
   *
   * @param kernel boots the machines
   * @param spec how they age
   */
  public Ageing(Kernel kernel, AgeSpec spec) {
    this.kernel = kernel;
    this.spec = spec;
  }

  /**
   * Ages each machine without compaction, and again with it if the provider compacts.
   *
   * @param machines what to boot, a provider each
   * @return a result per run
   * @throws java.util.concurrent.CancellationException if this thread is interrupted
   */
  public List<AgeResult> run(List<BootSpec> machines) {
    List<AgeResult> results = new ArrayList<>();
    for (BootSpec machine : machines) {
      if (age(machine, false, results)) {
        age(machine, true, results);
      }
    }
    return results;
  }

  private boolean age(BootSpec machine, boolean compact, List<AgeResult> results) {
    try (BootedSystem system = kernel.boot(machine)) {
      AgeRun run = new AgeRun(system, spec, compact);
      results.add(run.run());
      return run.compacts();
    }
  }

  /**
   * {@return the results as one JSON object: the specification, and each run with its days}
   *
   * @param results what {@link #run} returned
   */
  public JsonObject json(List<AgeResult> results) {
    Gson gson = new Gson();
    JsonObject all = new JsonObject();
    all.add("spec", gson.toJsonTree(spec));
    all.add("runs", gson.toJsonTree(results));
    return all;
  }

  /**
   * {@return the results as CSV: a head, then a line per run and day}
   *
   * @param results what {@link #run} returned
   */
  public static List<String> csv(List<AgeResult> results) {
    List<String> lines = new ArrayList<>();
    int orders = results.isEmpty() ? 0 : results.getFirst().days().getFirst().unusable().size();
    StringBuilder head = new StringBuilder(HEAD);
    for (int order = 0; order < orders; order++) {
      head.append(",unusable_").append(order);
    }
    lines.add(head.toString());
    for (AgeResult result : results) {
      for (AgeDay day : result.days()) {
        lines.add(line(result, day));
      }
    }
    return lines;
  }

  private static String line(AgeResult result, AgeDay day) {
    List<Object> cells = new ArrayList<>();
    cells.addAll(List.of(result.physmem(), result.compaction(), day.day(), day.live(), day.free()));
    cells.addAll(List.of(day.wanted(), day.got(), day.freeHuge(), day.external(), day.mixed()));
    cells.addAll(List.of(day.split(), day.failed(), day.moved()));
    cells.addAll(day.unusable());
    return cells.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
