package workbench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kernel.api.BootedSystem;
import kernel.api.CheckLine;
import kernel.api.FrameUsage;
import kernel.api.Kernel;
import trace.PlacementWriter;
import trace.ReplayReport;
import trace.ReplayResult;
import trace.Replayer;
import trace.TraceException;
import trace.TraceReader;

/**
 * Replays traces, each on a machine booted for it alone, so that a result depends on the trace, the
 * stack and the map and on nothing that ran before.
 *
 * <p>Safe for use by several threads.
 */
public final class TraceReplay {
  private final Kernel kernel;

  /**
   * Makes a replay on a kernel.
   *
   * @param kernel boots the machines
   */
  public TraceReplay(Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Boots, replays, checks, and switches the machine off.
   *
   * @param request the trace and its stack
   * @return what came of it
   * @throws IOException if the trace cannot be read, as a {@link TraceException} that names the
   *     place, or a result cannot be written
   */
  public ReplayOutcome run(ReplayRequest request) throws IOException {
    long warmed = request.warmup().run(() -> warm(request));
    try (TraceReader reader = open(request);
        BootedSystem system = kernel.boot(request.stack())) {
      return run(request, system, reader, warmed);
    }
  }

  /** One untimed pass; its machine is thrown away. {@return the operations replayed} */
  private long warm(ReplayRequest request) throws IOException {
    if (!Files.isRegularFile(request.trace())) {
      return 0; // a pipe can be read but once
    }
    try (TraceReader reader = open(request);
        BootedSystem system = kernel.boot(request.stack())) {
      return new Replayer(system.heap(), system.machine().cpus())
          .checking(request.check())
          .atMost(Warmup.MOST_OPERATIONS)
          .replay(reader)
          .operations();
    }
  }

  /**
   * Replays on a system that is there already and stays.
   *
   * @param request the trace; its stack is not used
   * @param system the system whose heap is called
   * @return what came of it
   * @throws IOException if the trace cannot be read or a result cannot be written
   */
  public ReplayOutcome runOn(ReplayRequest request, BootedSystem system) throws IOException {
    try (TraceReader reader = open(request)) {
      ReplayResult result = replay(request, system, reader);
      return new ReplayOutcome(
          report(request, system, result, 0), List.of(), system.frameUsage(), true);
    }
  }

  private static TraceReader open(ReplayRequest request) throws TraceException {
    return request.format().isPresent()
        ? TraceReader.open(request.trace(), request.format().get())
        : TraceReader.open(request.trace());
  }

  private ReplayOutcome run(
      ReplayRequest request, BootedSystem system, TraceReader reader, long warmed)
      throws IOException {
    ReplayResult result = replay(request, system, reader);
    ReplayReport report = report(request, system, result, warmed);
    List<CheckLine> checks = system.check();
    FrameUsage end = request.keep() ? system.frameUsage() : system.closeTiers();
    return new ReplayOutcome(report, checks, end, request.keep());
  }

  private static ReplayResult replay(ReplayRequest request, BootedSystem system, TraceReader reader)
      throws IOException {
    Replayer replayer =
        new Replayer(system.heap(), system.machine().cpus())
            .checking(request.check())
            .keeping(request.keep())
            .probe(new SystemProbe(system))
            .progress(request.progress());
    if (request.placements().isEmpty()) {
      return replayer.replay(reader);
    }
    try (PlacementWriter placements = PlacementWriter.create()) {
      ReplayResult result = replayer.placements(placements).replay(reader);
      write(placements, request.placements().get(), system.heap().lowestAddress());
      return result;
    }
  }

  private static void write(PlacementWriter placements, Path file, long lowest) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      placements.writeTo(out, file.toString(), lowest);
    }
  }

  private static ReplayReport report(
      ReplayRequest request, BootedSystem system, ReplayResult result, long warmed) {
    return new ReplayReport(
        request.trace().toString(),
        system.frames().provider(),
        system.addresses().provider(),
        system.heap().provider(),
        system.firmwareMap().name(),
        warmed,
        result);
  }
}
