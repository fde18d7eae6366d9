package workbench.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.function.LongConsumer;
import kernel.api.BootedSystem;
import kernel.api.CheckLine;
import kernel.api.FrameUsage;
import kernel.api.Kernel;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import trace.Replayer;
import trace.TraceReader;
import workbench.ReplayRequest;
import workbench.TraceReplay;

/** Makes the runs of one cell, each on a machine of its own. */
final class CellRunner {
  private static final int TICKS = 4; // points of the latency curve per halving of what is left
  private static final List<Double> ROUND = List.of(50.0, 90.0, 99.0, 99.9, 99.99, 100.0);
  private static final long WARM_EVENTS = 1_000_000;
  private static final double MEDIAN = 50;
  private static final double TAIL = 99;

  private final Kernel kernel;
  private final Plan plan;
  private final LongConsumer progress;

  CellRunner(Kernel kernel, Plan plan, LongConsumer progress) {
    this.kernel = kernel;
    this.plan = plan;
    this.progress = progress;
  }

  /** Counts a cell: a run per seed, the first with details. */
  CellResult.Counted count(Cell cell) throws IOException {
    List<RunFigures> runs = new ArrayList<>();
    List<String> names = List.of();
    Optional<Detail> detail = Optional.empty();
    for (int run = 0; run < plan.countedRuns(); run++) {
      try (BootedSystem system = kernel.boot(cell.stack())) {
        names = names(system); // before a run that may exchange them
        CountedRun counted =
            new CountedRun(system, cell.trace(), run == 0 ? plan.samples() : 0, steps());
        counted.exchange(plan.swaps());
        runs.add(counted(cell, system, counted, plan.seedOf(run)));
        detail = detail.isPresent() ? detail : Optional.of(counted.detail());
        requireHome(system);
      }
    }
    return new CellResult.Counted(
        names.get(0), names.get(1), names.get(2), runs, detail.orElseThrow());
  }

  private static List<String> names(BootedSystem system) {
    return List.of(
        system.frames().provider(), system.addresses().provider(), system.heap().provider());
  }

  // Reports are of the total so far, progress of the difference.
  private LongConsumer steps() {
    long[] last = {0};
    return done -> {
      progress.accept(done - last[0]);
      last[0] = done;
    };
  }

  private static RunFigures counted(Cell cell, BootedSystem system, CountedRun counted, long seed)
      throws IOException {
    try (TraceReader reader = TraceReader.open(cell.trace().file());
        Perturbation perturbed = Perturbation.apply(system, seed)) {
      assert perturbed != null;
      return counted.run(reader, seed);
    }
  }

  private static void requireHome(BootedSystem system) {
    for (CheckLine line : system.check()) {
      if (!line.good()) {
        throw new IllegalStateException(line.subject() + ": " + line.finding());
      }
    }
    FrameUsage end = system.closeTiers();
    if (!end.home()) {
      throw new IllegalStateException("frames did not go home: " + end);
    }
  }

  /** Times a cell: all runs in a row, the throughput first, then the latencies. */
  Timing time(Cell cell) throws IOException {
    long warmed = warm(cell);
    List<Long> wall = new ArrayList<>();
    List<Histogram> latencies = new ArrayList<>();
    for (int run = 0; run < plan.repeat(); run++) {
      refuseIfInterrupted();
      wall.add(throughput(cell, plan.seedOf(run)));
      latencies.add(latencies(cell, plan.seedOf(run), Long.MAX_VALUE));
      progress.accept(cell.trace().events() * 2);
    }
    return timing(cell, warmed, wall, latencies);
  }

  private long warm(Cell cell) throws IOException {
    if (plan.warmup().passes() == 0) {
      return 0;
    }
    ReplayRequest request =
        new ReplayRequest(
            cell.trace().file(),
            Optional.empty(),
            cell.stack(),
            plan.warmup(),
            false,
            false,
            Optional.empty(),
            (position, total) -> {});
    long warmed = new TraceReplay(kernel).run(request).report().warmed();
    latencies(cell, 0, WARM_EVENTS);
    return warmed;
  }

  private long throughput(Cell cell, long seed) throws IOException {
    try (TraceReader reader = TraceReader.open(cell.trace().file());
        BootedSystem system = kernel.boot(cell.stack());
        Perturbation perturbed = Perturbation.apply(system, seed)) {
      assert perturbed != null;
      return new Replayer(system.heap(), system.machine().cpus()).replay(reader).wallNanos();
    }
  }

  private Histogram latencies(Cell cell, long seed, long most) throws IOException {
    try (TraceReader reader = TraceReader.open(cell.trace().file());
        BootedSystem system = kernel.boot(cell.stack());
        Perturbation perturbed = Perturbation.apply(system, seed)) {
      assert perturbed != null;
      return new LatencyRun(system).run(reader, most);
    }
  }

  private static Timing timing(Cell cell, long warmed, List<Long> wall, List<Histogram> latencies) {
    Histogram all = new Histogram(latencies.getFirst());
    latencies.forEach(all::add);
    List<Double> percentiles = curve(all);
    return new Timing(
        cell.trace().operations(),
        warmed,
        wall,
        percentiles,
        percentiles.stream().map(all::getValueAtPercentile).toList(),
        latencies.stream().map(run -> run.getValueAtPercentile(MEDIAN)).toList(),
        latencies.stream().map(run -> run.getValueAtPercentile(TAIL)).toList());
  }

  // Points as HdrHistogram spaces them, ever closer towards 100, and the round ones.
  private static List<Double> curve(Histogram all) {
    TreeSet<Double> points = new TreeSet<>(ROUND);
    for (HistogramIterationValue point : all.percentiles(TICKS)) {
      points.add(point.getPercentileLevelIteratedTo());
    }
    return List.copyOf(points);
  }

  static void refuseIfInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("the comparison was interrupted");
    }
  }
}
