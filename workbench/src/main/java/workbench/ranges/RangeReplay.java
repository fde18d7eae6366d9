package workbench.ranges;

import java.io.IOException;
import java.nio.file.Files;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import trace.TraceException;
import trace.ranges.RangeReader;
import workbench.Aftermath;
import workbench.ReplayRequest;
import workbench.ReplayStage;
import workbench.Warmup;

/**
 * Replays range traces, each on a machine booted for it alone: an arena and page tables for each
 * address space of the trace, the events in the order of the lines on one thread of the host.
 *
 * <p>Safe for use by several threads.
 */
public final class RangeReplay {
  private final Kernel kernel;

  /**
   * Makes a replay on a kernel.
   *
   * @param kernel boots the machines
   */
  public RangeReplay(Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Boots, replays, checks, and switches the machine off.
   *
   * @param request the trace and its stack; placements are not written
   * @return what came of it
   * @throws IOException if the trace cannot be read, as a {@link TraceException} that names the
   *     place
   */
  public RangeOutcome run(ReplayRequest request) throws IOException {
    long warmed = request.warmup().run(() -> warm(request));
    try (RangeReader reader = open(request);
        BootedSystem system = kernel.boot(request.stack())) {
      return play(request, system, reader, warmed, true);
    }
  }

  /**
   * Replays on a system that is there already and stays.
   *
   * @param request the trace; its stack is not used
   * @param system the system whose vmem tier and RAM are used
   * @return what came of it
   * @throws IOException if the trace cannot be read
   */
  public RangeOutcome runOn(ReplayRequest request, BootedSystem system) throws IOException {
    try (RangeReader reader = open(request)) {
      return play(request, system, reader, 0, false);
    }
  }

  /** One untimed pass; its machine is thrown away. {@return the operations replayed} */
  private long warm(ReplayRequest request) throws IOException {
    if (!Files.isRegularFile(request.trace())) {
      return 0; // a pipe can be read but once
    }
    try (RangeReader reader = open(request);
        BootedSystem system = kernel.boot(request.stack());
        RangeRun run = new RangeRun(system, request.check())) {
      run.play(reader, Warmup.MOST_OPERATIONS);
      return run.operations();
    }
  }

  private static RangeReader open(ReplayRequest request) throws TraceException {
    return request.format().isPresent()
        ? RangeReader.open(request.trace(), request.format().get())
        : RangeReader.open(request.trace());
  }

  private static RangeOutcome play(
      ReplayRequest request, BootedSystem system, RangeReader reader, long warmed, boolean own)
      throws IOException {
    boolean keep = request.keep();
    RangeRun run = new RangeRun(system, request.check());
    RangeFigures figures;
    try {
      run.play(reader, Long.MAX_VALUE);
      run.look();
      figures = run.figures();
    } finally {
      if (!keep) {
        run.close();
      }
    }
    return new RangeOutcome(
        ReplayStage.of(request, reader.program(), system, warmed),
        figures,
        run.ofArenas(),
        run.shadow().findings().first(),
        own ? Aftermath.of(system, keep) : Aftermath.running(system));
  }
}
