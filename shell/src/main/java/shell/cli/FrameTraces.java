package shell.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import shell.text.FrameText;
import workbench.ReplayRequest;
import workbench.frames.FrameOutcome;
import workbench.frames.FrameReplay;

/** Traces of requests to the physmem tier: in detail, or several providers in a table. */
final class FrameTraces implements TraceKind {
  private final Kernel kernel;
  private final Optional<BootedSystem> running;
  private final List<FrameOutcome> tabled = new ArrayList<>();
  private boolean checked;

  /**
   * Makes it.
   *
   * @param kernel boots machines
   * @param running the machine to replay on, or empty for one of its own
   */
  FrameTraces(Kernel kernel, Optional<BootedSystem> running) {
    this.kernel = kernel;
    this.running = running;
  }

  private final class Shown implements Played {
    private final FrameOutcome outcome;

    Shown(FrameOutcome outcome) {
      this.outcome = outcome;
    }

    @Override
    public String json() {
      return outcome.toJson();
    }

    @Override
    public boolean good() {
      return outcome.good();
    }

    @Override
    public void print(boolean brief, PrintStream out) {
      if (brief) {
        tabled.add(outcome);
      } else {
        FrameText.print(outcome, checked, out);
      }
    }
  }

  @Override
  public Played play(ReplayRequest request) throws IOException {
    checked = request.check();
    FrameReplay replay = new FrameReplay(kernel);
    return new Shown(
        running.isPresent() ? replay.runOn(request, running.get()) : replay.run(request));
  }

  @Override
  public void endOfTrace(PrintStream out) {
    if (!tabled.isEmpty()) {
      FrameText.printTable(tabled, checked, out);
      tabled.clear();
    }
  }
}
