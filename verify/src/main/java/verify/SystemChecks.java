package verify;

import allocator.api.CensusSummary;
import allocator.api.Tier;
import hardware.api.map.FirmwareMap;
import heap.api.HeapPort;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.CheckLine;
import kernel.api.Kernel;
import kernel.api.LodgingStatus;
import kernel.api.ProviderInfo;
import kernel.api.SwapCause;
import kernel.api.SwapRecord;
import kernel.api.SwapRequest;
import kernel.api.SwapState;
import kernel.api.TierStatus;
import tck.Broken;
import tck.Check;
import tck.Skipped;
import tck.Trial;
import workbench.ReplayOutcome;
import workbench.ReplayRequest;
import workbench.TraceReplay;
import workbench.Warmup;
import workbench.load.Load;
import workbench.load.LoadSpec;
import workbench.load.LoadStatus;

/**
 * A provider in a booted system: between the other tiers, under a load that verifies what it holds,
 * exchanged for every other provider and back, and leaving while it serves.
 */
final class SystemChecks {
  private static final Set<SwapCause> BROKEN = EnumSet.of(SwapCause.FAILURE, SwapCause.VIOLATION);
  private static final long SOME_CALLS = 2000;
  private static final long MANY_CALLS = 40_000;
  private static final long PATIENCE_MILLIS = 30_000;
  private static final long STEP_MILLIS = 10;

  private final Kernel kernel;
  private final FirmwareMap map;
  private final VerifyRequest request;
  private final Candidate candidate;
  private final ProviderInfo provider;

  SystemChecks(
      Kernel kernel,
      FirmwareMap map,
      VerifyRequest request,
      Candidate candidate,
      ProviderInfo provider) {
    this.kernel = kernel;
    this.map = map;
    this.request = request;
    this.candidate = candidate;
    this.provider = provider;
  }

  /** {@return the checks; the last one installs the bundle anew} */
  List<Check> all() {
    return List.of(
        new Check("system.replay", List.of("allocator.19"), this::replay),
        new Check("system.guard", List.of("allocator.18"), this::guard),
        new Check("system.swap", List.of("allocator.14"), this::swap),
        new Check("system.stop", List.of("allocator.21"), this::stop),
        new Check("system.uninstall", List.of("allocator.22"), this::uninstall));
  }

  private Tier tier() {
    return provider.tier();
  }

  private BootSpec spec(String name) {
    return new BootSpec(map, true, Map.of(tier(), name), request.settings());
  }

  // Two bundles may offer the name; this one is meant.
  private String own() {
    return candidate.name() + "@" + candidate.version();
  }

  private void replay(Trial trial) throws Exception {
    TraceReplay replay = new TraceReplay(kernel);
    for (Path trace : request.traces()) {
      ReplayOutcome outcome =
          replay.run(
              new ReplayRequest(
                  trace,
                  Optional.empty(),
                  spec(own()),
                  Warmup.NONE,
                  true,
                  false,
                  Optional.empty(),
                  (position, total) -> {}));
      require(outcome.good(), "replay of " + trace.getFileName(), text(outcome));
      trial.facts(outcome.report().result().operations());
    }
  }

  private static String text(ReplayOutcome outcome) {
    return "%d failed allocations, %d damaged blocks, frames home: %s, checks: %s"
        .formatted(
            outcome.report().result().failures(),
            outcome.report().result().corruptions(),
            outcome.end().home(),
            bad(outcome.checks()));
  }

  private static List<CheckLine> bad(List<CheckLine> checks) {
    return checks.stream().filter(line -> !line.good()).toList();
  }

  private void guard(Trial trial) throws Exception {
    try (BootedSystem system = kernel.boot(spec(own()))) {
      system.guard(true);
      try (Load load = load(system)) {
        progress(load, MANY_CALLS);
        finish(system, load, trial);
      }
      requireNoFailure(system);
    }
  }

  private void swap(Trial trial) throws Exception {
    List<String> others = others();
    List<String> refusals = new ArrayList<>();
    try (BootedSystem system = kernel.boot(spec(others.getFirst()));
        Load load = load(system)) {
      for (String other : others) {
        exchange(system, own(), refusals, trial);
        progress(load, SOME_CALLS);
        exchange(system, other, refusals, trial);
        progress(load, SOME_CALLS);
      }
      finish(system, load, trial);
      requireNoFailure(system);
    }
    if (refusals.size() == 2 * others.size()) {
      throw new Skipped("every exchange was refused, the last with: " + refusals.getLast());
    }
  }

  private List<String> others() {
    List<String> others =
        kernel.providers(tier()).stream()
            .filter(each -> !each.bundle().equals(candidate.name()))
            .map(each -> each.bundle() + "@" + each.version())
            .toList();
    if (others.isEmpty()) {
      throw new Skipped("there is no other provider of the tier");
    }
    return others;
  }

  // A range that cannot be represented is refused, which is no fault.
  private static String serving(BootedSystem system, Tier tier) {
    TierStatus status =
        system.tiers().stream().filter(each -> each.tier() == tier).findFirst().orElseThrow();
    return status.bundle() + "@" + status.version();
  }

  private void exchange(BootedSystem system, String to, List<String> refusals, Trial trial) {
    if (serving(system, tier()).equals(to)) {
      refusals.add("it served already, for the exchange before was refused");
      return;
    }
    SwapRecord record = system.swap(new SwapRequest(tier(), to, false, false, "verify"));
    if (!record.done()) {
      requireRefusal(record);
      refusals.add(record.message());
      return;
    }
    CensusSummary before = record.before();
    CensusSummary after = record.after();
    boolean equal =
        before.liveCount() == after.liveCount()
            && before.liveUnits() == after.liveUnits()
            && before.checksum() == after.checksum();
    if (!equal) {
      throw new Broken("allocator.14", "%s: %s".formatted(direction(record), record));
    }
    trial.facts(before.liveCount() + 1);
  }

  private static void requireRefusal(SwapRecord record) {
    if (record.message().isBlank() || record.outcome() != SwapState.ABORTED) {
      throw new Broken("allocator.16", "%s: %s".formatted(direction(record), record));
    }
  }

  private static String direction(SwapRecord record) {
    return "exchange of %s for %s".formatted(record.from(), record.to());
  }

  private void stop(Trial trial) throws Exception {
    others();
    try (BootedSystem system = kernel.boot(spec(own()));
        Load load = load(system)) {
      candidate.stop();
      await("a successor", () -> !serving(system, tier()).equals(own()));
      progress(load, SOME_CALLS);
      candidate.start();
      finish(system, load, trial);
    } finally {
      candidate.start();
    }
  }

  private void uninstall(Trial trial) throws Exception {
    others();
    Remains remains = uninstalledUnderLoad(trial);
    try {
      requireCollected(remains.classes(), remains.threads(), trial);
    } finally {
      candidate.installAgain();
    }
  }

  /** What should not be there after a bundle is gone. */
  private record Remains(WeakReference<ClassLoader> classes, List<String> threads) {}

  // A method of its own: a frame that is left cannot hold on to the system.
  private Remains uninstalledUnderLoad(Trial trial) throws Exception {
    try (BootedSystem system = kernel.boot(spec(own()));
        Load load = load(system)) {
      candidate.letGo();
      List<String> threads = candidate.threads();
      WeakReference<ClassLoader> classes = candidate.uninstall();
      await("a successor", () -> !serving(system, tier()).equals(own()));
      progress(load, SOME_CALLS);
      finish(system, load, trial);
      return new Remains(classes, threads);
    }
  }

  private void requireCollected(
      WeakReference<ClassLoader> classes, List<String> threads, Trial trial) {
    // A compilation under way holds on to what it compiles, for seconds on a busy machine.
    long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (classes.get() != null && System.nanoTime() - end < 0) {
      System.gc();
      pause();
    }
    if (classes.get() != null) {
      throw new Broken(
          "allocator.22",
          "the class loader of %s is still reachable after the bundle was uninstalled%s"
              .formatted(
                  candidate.name(),
                  threads.isEmpty() ? "" : "; threads of its classes: " + threads));
    }
    trial.fact();
  }

  // ------------------------------------------------------------------------------------- the load

  private Load load(BootedSystem system) throws Exception {
    Load load = Load.start(system, LoadSpec.DEFAULT.withSeed(request.seed()));
    progress(load, SOME_CALLS);
    return load;
  }

  private static void progress(Load load, long calls) {
    long from = load.status().sinceStart().operations();
    await(
        "calls of the load",
        () ->
            load.status().state() != LoadStatus.State.RUNNING
                || load.status().sinceStart().operations() - from >= calls);
  }

  private static void finish(BootedSystem system, Load load, Trial trial) {
    progress(load, SOME_CALLS);
    LoadStatus status = load.stop();
    require(
        status.good(),
        "load",
        "failures %s, damaged blocks %s".formatted(status.firstFailures(), status.firstDamages()));
    try (HeapPort port = system.heap().open(0)) {
      port.trim(0);
    }
    List<CheckLine> checks = system.check();
    require(bad(checks).isEmpty(), "check", bad(checks).toString());
    long live = system.heap().census().liveCount();
    long lodged = system.lodgings().stream().mapToLong(LodgingStatus::blocks).sum();
    require(
        live == 0 && lodged == 0, "after the load", live + " blocks live, " + lodged + " lodge");
    require(system.closeTiers().home(), "frames at the end", system.frameUsage().toString());
    trial.facts(status.sinceStart().operations());
  }

  private static void requireNoFailure(BootedSystem system) {
    List<SwapRecord> failures =
        system.swaps().stream().filter(record -> BROKEN.contains(record.cause())).toList();
    require(
        failures.isEmpty(),
        "it was caught and replaced while it served",
        failures.stream().map(SwapRecord::who).collect(Collectors.joining("; ")));
  }

  private static void require(boolean holds, String what, String seen) {
    if (!holds) {
      throw new AssertionError(what + ": " + seen);
    }
  }

  private static void await(String what, BooleanSupplier come) {
    long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (!come.getAsBoolean()) {
      require(System.nanoTime() - end < 0, "waited in vain for", what);
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(STEP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
