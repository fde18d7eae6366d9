package shell.cli;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import trace.ReplayProgress;

/** A progress bar on a terminal, nothing in a pipe. */
final class Progress implements ReplayProgress, AutoCloseable {
  private static final int WIDTH = 79; // one less than a terminal: no wrap at the last column

  private final @Nullable ProgressBar bar;

  private Progress(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  /** {@return a bar on the terminal's messages, if a person watches them} */
  static Progress of(Terminal terminal, String task) {
    if (!terminal.live()) {
      return new Progress(null);
    }
    return new Progress(
        new ProgressBarBuilder()
            .setTaskName(task)
            .setUnit("KiB", 1024)
            .setStyle(ProgressBarStyle.ASCII)
            .setConsumer(new ConsoleProgressBarConsumer(terminal.err(), WIDTH))
            .clearDisplayOnFinish()
            .build());
  }

  @Override
  public void at(long position, long total) {
    if (bar != null) {
      bar.maxHint(total);
      bar.stepTo(position);
    }
  }

  /** Takes the bar from the screen before results are printed. */
  void finish() {
    close();
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
