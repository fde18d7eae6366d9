package shell.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import shell.text.FrameText;
import shell.text.RangeText;
import workbench.ReplayRequest;
import workbench.frames.FrameOutcome;
import workbench.frames.FrameReplay;
import workbench.ranges.RangeOutcome;
import workbench.ranges.RangeReplay;

/**
 * Traces of requests to one of the lower tiers: in detail, or several providers in a table.
 *
 * @param <O> what comes of a replay
 */
final class TierTraces<O> implements TraceKind {
  /** Replays a trace. */
  @FunctionalInterface
  private interface Player<O> {
    O play(ReplayRequest request) throws IOException;
  }

  /** Prints what was made of it. */
  @FunctionalInterface
  private interface Printer<T> {
    void print(T outcome, boolean checked, PrintStream out);
  }

  private final Player<O> player;
  private final Function<O, String> json;
  private final Predicate<O> good;
  private final Printer<O> whole;
  private final Printer<List<O>> table;
  private final List<O> tabled = new ArrayList<>();
  private boolean checked;

  private TierTraces(
      Player<O> player,
      Function<O, String> json,
      Predicate<O> good,
      Printer<O> whole,
      Printer<List<O>> table) {
    this.player = player;
    this.json = json;
    this.good = good;
    this.whole = whole;
    this.table = table;
  }

  /**
   * {@return traces of requests to the physmem tier}
   *
   * @param kernel boots machines
   * @param running the machine to replay on, or empty for one of its own
   */
  static TraceKind frames(Kernel kernel, Optional<BootedSystem> running) {
    FrameReplay replay = new FrameReplay(kernel);
    return new TierTraces<>(
        request -> running.isPresent() ? replay.runOn(request, running.get()) : replay.run(request),
        FrameOutcome::toJson,
        FrameOutcome::good,
        FrameText::print,
        FrameText::printTable);
  }

  /**
   * {@return traces of requests to the vmem tier}
   *
   * @param kernel boots machines
   * @param running the machine to replay on, or empty for one of its own
   */
  static TraceKind ranges(Kernel kernel, Optional<BootedSystem> running) {
    RangeReplay replay = new RangeReplay(kernel);
    return new TierTraces<>(
        request -> running.isPresent() ? replay.runOn(request, running.get()) : replay.run(request),
        RangeOutcome::toJson,
        RangeOutcome::good,
        RangeText::print,
        RangeText::printTable);
  }

  private final class Shown implements Played {
    private final O outcome;

    Shown(O outcome) {
      this.outcome = outcome;
    }

    @Override
    public String json() {
      return json.apply(outcome);
    }

    @Override
    public boolean good() {
      return good.test(outcome);
    }

    @Override
    public void print(boolean brief, PrintStream out) {
      if (brief) {
        tabled.add(outcome);
      } else {
        whole.print(outcome, checked, out);
      }
    }
  }

  @Override
  public Played play(ReplayRequest request) throws IOException {
    checked = request.check();
    return new Shown(player.play(request));
  }

  @Override
  public void endOfTrace(PrintStream out) {
    if (!tabled.isEmpty()) {
      table.print(tabled, checked, out);
      tabled.clear();
    }
  }
}
