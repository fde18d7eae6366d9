package shell.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import shell.text.OutcomeText;
import workbench.ReplayOutcome;
import workbench.ReplayRequest;
import workbench.TraceReplay;

/**
 * Traces of requests to a heap.
 *
 * @param kernel boots machines
 * @param running the machine to replay on, or empty for one of its own
 */
record HeapTraces(Kernel kernel, Optional<BootedSystem> running) implements TraceKind {
  private record Shown(ReplayOutcome outcome, boolean checked) implements Played {
    @Override
    public String json() {
      return outcome.report().toJson();
    }

    @Override
    public boolean good() {
      return outcome.good();
    }

    @Override
    public void print(boolean brief, PrintStream out) {
      if (brief) {
        OutcomeText.printBrief(outcome, checked, out);
      } else {
        OutcomeText.print(outcome, checked, out);
      }
    }
  }

  @Override
  public Played play(ReplayRequest request) throws IOException {
    TraceReplay replay = new TraceReplay(kernel);
    ReplayOutcome outcome =
        running.isPresent() ? replay.runOn(request, running.get()) : replay.run(request);
    return new Shown(outcome, request.check());
  }
}
