package kernel.swap;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import kernel.api.SwapPhase;
import kernel.api.SwapState;

/** The state of one exchange, and when it came into each. Used by one thread. */
final class Progress {
  private final long begun = System.nanoTime();
  private final List<SwapPhase> phases = new ArrayList<>();
  private final Consumer<SwapState> observer;
  private SwapState state = SwapState.IDLE;
  private SwapState reached = SwapState.IDLE;

  Progress(Consumer<SwapState> observer) {
    this.observer = observer;
  }

  /**
   * Goes on to a state: all transitions are here.
   *
   * @throws IllegalStateException if that state cannot follow
   */
  void to(SwapState next) {
    if (!state.next().contains(next)) {
      throw new IllegalStateException("an exchange cannot go from " + state + " to " + next);
    }
    state = next;
    reached = next == SwapState.ABORTED ? reached : next;
    phases.add(new SwapPhase(next, System.nanoTime() - begun));
    observer.accept(next);
  }

  SwapState state() {
    return state;
  }

  SwapState reached() {
    return reached;
  }

  List<SwapPhase> phases() {
    return phases;
  }
}
