package shell.cli;

import java.util.function.BooleanSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import workbench.compare.CompareProgress;

/** How far a comparison has come: a bar with the time left on a terminal, nothing in a pipe. */
final class CellProgress implements CompareProgress, AutoCloseable {
  private static final int WIDTH = 79; // one less than a terminal: no wrap at the last column

  private final @Nullable ProgressBar bar;
  private final BooleanSupplier ending;
  private int stored;

  private CellProgress(@Nullable ProgressBar bar, BooleanSupplier ending) {
    this.bar = bar;
    this.ending = ending;
  }

  /** {@return a bar on the terminal's messages, if a person watches them} */
  static CellProgress of(Terminal terminal, BooleanSupplier ending) {
    if (!terminal.live()) {
      return new CellProgress(null, ending);
    }
    return new CellProgress(
        new ProgressBarBuilder()
            .setTaskName("compare")
            .setUnit("k events", 1000)
            .setStyle(ProgressBarStyle.ASCII)
            .setConsumer(new ConsoleProgressBarConsumer(terminal.err(), WIDTH))
            .clearDisplayOnFinish()
            .build(),
        ending);
  }

  @Override
  public void begun(long total) {
    if (bar != null) {
      bar.maxHint(total);
    }
  }

  @Override
  public void advanced(long units) {
    if (bar != null) {
      bar.stepBy(units);
    }
  }

  @Override
  public synchronized void finished(String what, boolean fromState) {
    stored += fromState ? 1 : 0;
  }

  /** {@return how many figures came from the state file} */
  synchronized int stored() {
    return stored;
  }

  @Override
  public boolean stopping() {
    return ending.getAsBoolean();
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
