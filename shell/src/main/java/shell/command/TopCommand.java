package shell.command;

import allocator.api.Tier;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import kernel.api.SwapRecord;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.watch.History;
import shell.watch.Sampler;
import shell.watch.Screen;

/**
 * The command {@code top}: the figures that change fastest, on a screen that is drawn anew, with
 * keys as in {@code top}.
 */
@Component(
    service = TopCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=top"})
public final class TopCommand {
  private static final String USAGE = "top [--batch] [--delay SECONDS] [--count N]";
  private static final int COURSE = 20; // values of each figure that are shown
  private static final int WIDTH = 100;
  private static final int HEIGHT = 24;
  private static final int LEAST_WIDTH = 20;
  private static final String HOME = "\033[H";
  private static final String CLEAR_LINE = "\033[K";
  private static final String CLEAR_REST = "\033[J";
  private static final String OTHER_SCREEN = "\033[?1049h\033[?25l";
  private static final String FIRST_SCREEN = "\033[?25h\033[?1049l";

  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public TopCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Shows the figures until it is told to end.
   *
   * @param session the prompt
   * @param words the options
   */
  @Descriptor(
      "top [--batch] [--delay SECONDS] [--count N]: the figures that change fastest; keys: q end,"
          + " space now, r t v sort by rate, tier, value, p m h a only physmem, vmem, heap, all,"
          + " + - delay")
  public void top(CommandSession session, @Descriptor("options") String... words)
      throws IOException {
    WatchOptions options = WatchOptions.parse(Arrays.asList(words), USAGE);
    View view = new View(kernel, options);
    Object terminal = session.get(".terminal"); // where Gogo's jline shell keeps it
    if (!options.batch() && terminal instanceof Terminal live && isScreen(live)) {
      interactive(view, live);
    } else {
      batch(view, options, session.getConsole());
    }
  }

  private static boolean isScreen(Terminal terminal) {
    return !terminal.getType().startsWith(Terminal.TYPE_DUMB) && terminal.getWidth() > 0;
  }

  private static void batch(View view, WatchOptions options, PrintStream out) {
    for (long i = 0; i < options.count().orElse(Long.MAX_VALUE); i++) {
      if (i > 0) {
        sleep(view.delayMillis);
      }
      view.lines(WIDTH, HEIGHT).forEach(out::println);
      out.println();
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }

  private static void interactive(View view, Terminal terminal) throws IOException {
    Attributes before = terminal.enterRawMode();
    terminal.writer().print(OTHER_SCREEN);
    try {
      long left = view.options.count().orElse(Long.MAX_VALUE);
      boolean goesOn = true;
      while (goesOn && left-- > 0) {
        draw(view, terminal);
        goesOn = !Thread.currentThread().isInterrupted() && view.key(read(view, terminal));
      }
    } finally {
      terminal.writer().print(FIRST_SCREEN);
      terminal.flush();
      terminal.setAttributes(before);
    }
  }

  private static void draw(View view, Terminal terminal) {
    int width = Math.max(LEAST_WIDTH, terminal.getWidth());
    StringBuilder screen = new StringBuilder(HOME);
    for (String line : view.lines(width, terminal.getHeight())) {
      screen.append(line).append(CLEAR_LINE).append("\r\n");
    }
    screen.setLength(screen.length() - 2);
    terminal.writer().print(screen.append(CLEAR_REST));
    terminal.flush();
  }

  // A negative answer is no key within the delay.
  private static int read(View view, Terminal terminal) throws IOException {
    return terminal.reader().read(view.delayMillis);
  }

  /** What is shown, and how. */
  private static final class View {
    private static final long LEAST_DELAY = 100;
    private static final long MOST_DELAY = 60_000;
    private static final int END_OF_TEXT = 3; // Ctrl-C in raw mode
    private static final int END_OF_INPUT = -1;

    private final Kernel kernel;
    private final WatchOptions options;
    private final History history = new History(COURSE);
    private final long begun = System.nanoTime();
    private Screen.Order order = Screen.Order.RATE;
    private String tier = "";
    private long delayMillis;

    View(Kernel kernel, WatchOptions options) {
      this.kernel = kernel;
      this.options = options;
      this.delayMillis = options.delayMillis();
    }

    List<String> lines(int width, int height) {
      BootedSystem system = Running.of(kernel);
      history.add(Sampler.all(system), System.nanoTime());
      List<String> lines = new ArrayList<>();
      lines.add(Screen.cut(head(system), width));
      lines.add(Screen.cut(serving(system), width));
      lines.add(Screen.cut(exchange(system), width));
      lines.add("");
      lines.addAll(Screen.figures(history, order, tier, width, height - lines.size()));
      return lines;
    }

    private String head(BootedSystem system) {
      return String.format(
          Locale.ROOT,
          "top %s, %d CPUs, watched for %.0f s every %.1f s; %s%s (q ends, help top)",
          system.firmwareMap().name(),
          system.machine().cpus(),
          (System.nanoTime() - begun) / 1e9,
          delayMillis / 1e3,
          "by " + order.name().toLowerCase(Locale.ROOT),
          tier.isEmpty() ? "" : ", only " + tier);
    }

    private static String serving(BootedSystem system) {
      StringBuilder line = new StringBuilder();
      for (Tier each : Tier.values()) {
        line.append("%s %s   ".formatted(each.label(), Sampler.provider(system, each)));
      }
      return line + (system.guarded() ? "guarded" : "");
    }

    private static String exchange(BootedSystem system) {
      List<SwapRecord> swaps = system.swaps();
      if (swaps.isEmpty()) {
        return "no exchange so far";
      }
      SwapRecord last = swaps.getLast();
      return "exchange %d: %s %s -> %s, %s"
          .formatted(last.number(), last.tier().label(), last.from(), last.to(), last.outcome());
    }

    /** {@return whether to go on after a key} */
    boolean key(int key) {
      switch (key) {
        case 'q', 'Q', END_OF_TEXT, END_OF_INPUT -> {
          return false;
        }
        case 'r' -> order = Screen.Order.RATE;
        case 't' -> order = Screen.Order.TIER;
        case 'v' -> order = Screen.Order.VALUE;
        case 'p' -> tier = Tier.PHYSMEM.label();
        case 'm' -> tier = Tier.VMEM.label();
        case 'h' -> tier = Tier.HEAP.label();
        case 'a' -> tier = "";
        case '+' -> delayMillis = Math.min(MOST_DELAY, delayMillis * 2);
        case '-' -> delayMillis = Math.max(LEAST_DELAY, delayMillis / 2);
        default -> {} // another key, or none: the next sample
      }
      return true;
    }
  }

  /** {@return the tier of a label, for {@code watch}} */
  static Optional<Tier> tier(String label) {
    return Arrays.stream(Tier.values()).filter(each -> each.label().equals(label)).findFirst();
  }
}
