package shell.command;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.watch.Figure;
import shell.watch.History;
import shell.watch.Sampler;
import shell.watch.Screen;

/**
 * The command {@code watch}: the figures of a tier again and again, the changed ones marked by
 * their rate, in the manner of {@code vmstat} and {@code watch}.
 */
@Component(
    service = WatchCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=watch"})
public final class WatchCommand {
  private static final String USAGE = "watch physmem|vmem|heap|machine [INTERVAL [COUNT]]";
  private static final int COURSE = 20;
  private static final int WIDTH = 100;
  private static final String MACHINE = "machine";

  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public WatchCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Shows figures until interrupted.
   *
   * @param session the prompt
   * @param words a tier, the interval and the number of samples
   */
  @Descriptor(
      "watch physmem|vmem|heap|machine [INTERVAL [COUNT]]: the figures of a tier every second, or"
          + " every INTERVAL such as 200ms, until Ctrl-C or COUNT times")
  public void watch(CommandSession session, @Descriptor("tier, interval, count") String... words) {
    Words.require(words, 1, 3, USAGE);
    String subject = words[0];
    if (!subject.equals(MACHINE) && TopCommand.tier(subject).isEmpty()) {
      throw new IllegalArgumentException(subject + " is no tier; " + USAGE);
    }
    long millis = words.length > 1 ? WatchOptions.millis(words[1]) : 1000;
    long count = words.length > 2 ? WatchOptions.count(words[2]) : Long.MAX_VALUE;
    History history = new History(COURSE);
    for (long i = 0; i < count; i++) {
      if (i > 0 && !slept(millis)) {
        return;
      }
      show(subject, history, session.getConsole());
    }
  }

  /** {@return false if Ctrl-C came, which is how a watch ends} */
  private static boolean slept(long millis) {
    try {
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      return false; // the prompt would report it if it was passed on
    }
  }

  private void show(String subject, History history, PrintStream out) {
    BootedSystem system = Running.of(kernel);
    history.add(figures(system, subject), System.nanoTime());
    out.printf(
        Locale.ROOT,
        "%tT  %s%n",
        System.currentTimeMillis(),
        TopCommand.tier(subject)
            .map(tier -> subject + " served by " + Sampler.provider(system, tier))
            .orElse(subject));
    Screen.figures(history, Screen.Order.TIER, "", WIDTH, Integer.MAX_VALUE).forEach(out::println);
    out.println();
  }

  private static List<Figure> figures(BootedSystem system, String subject) {
    return new ArrayList<>(
        TopCommand.tier(subject)
            .map(tier -> Sampler.of(system, tier))
            .orElseGet(() -> Sampler.machine(system)));
  }
}
