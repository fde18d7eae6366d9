package workbench.frames;

import allocator.api.Statistic;
import allocator.api.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import physmem.api.ZoneReport;
import trace.TraceException;
import trace.frames.FrameReader;
import workbench.Aftermath;
import workbench.Changes;
import workbench.ReplayRequest;
import workbench.ReplayStage;
import workbench.Warmup;

/**
 * Replays frame traces, each on a machine booted for it alone: the events in the order of the lines
 * on one thread of the host, each by a port of the event's CPU.
 *
 * <p>Safe for use by several threads.
 */
public final class FrameReplay {
  private final Kernel kernel;

  /**
   * Makes a replay on a kernel.
   *
   * @param kernel boots the machines
   */
  public FrameReplay(Kernel kernel) {
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
  public FrameOutcome run(ReplayRequest request) throws IOException {
    long warmed = request.warmup().run(() -> warm(request));
    try (FrameReader reader = open(request);
        BootedSystem system = kernel.boot(request.stack())) {
      return play(request, system, reader, warmed, true);
    }
  }

  /**
   * Replays on a system that is there already and stays.
   *
   * @param request the trace; its stack is not used
   * @param system the system whose frame tier is called
   * @return what came of it
   * @throws IOException if the trace cannot be read
   */
  public FrameOutcome runOn(ReplayRequest request, BootedSystem system) throws IOException {
    try (FrameReader reader = open(request)) {
      return play(request, system, reader, 0, false);
    }
  }

  /** One untimed pass; its machine is thrown away. {@return the operations replayed} */
  private long warm(ReplayRequest request) throws IOException {
    if (!Files.isRegularFile(request.trace())) {
      return 0; // a pipe can be read but once
    }
    try (FrameReader reader = open(request);
        BootedSystem system = kernel.boot(request.stack());
        FrameRun run = new FrameRun(system, request.check(), true)) {
      run.play(reader, Warmup.MOST_OPERATIONS);
      return run.operations();
    }
  }

  private static FrameReader open(ReplayRequest request) throws TraceException {
    return request.format().isPresent()
        ? FrameReader.open(request.trace(), request.format().get())
        : FrameReader.open(request.trace());
  }

  private static FrameOutcome play(
      ReplayRequest request, BootedSystem system, FrameReader reader, long warmed, boolean own)
      throws IOException {
    List<Statistic> before = system.figures(Tier.PHYSMEM);
    try (FrameRun run = new FrameRun(system, request.check(), own)) {
      boolean keep = request.keep();
      List<ZoneReport> zones;
      List<Statistic> after;
      try {
        run.play(reader, Long.MAX_VALUE);
        zones = system.frames().zones();
        after = system.figures(Tier.PHYSMEM);
      } finally {
        if (!keep) {
          run.freeRest();
        }
      }
      return new FrameOutcome(
          ReplayStage.of(request, reader.program(), system, warmed),
          run.figures(),
          new Changes(before, after),
          zones,
          run.shadow().findings().first(),
          own ? Aftermath.of(system, keep) : Aftermath.running(system));
    }
  }
}
