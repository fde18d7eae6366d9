package shell.command;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import shell.text.LoadText;
import trace.TraceException;
import workbench.load.Load;
import workbench.load.LoadSpec;
import workbench.load.LoadStatus;

/**
 * The command {@code load}: client threads that call the running system's heap.
 *
 * <p>It remembers the load that was started last, so it has to stay: a component that is not
 * immediate is thrown away after each call of the prompt.
 */
@Component(
    service = LoadCommand.class,
    immediate = true,
    property = {"osgi.command.scope=quarry", "osgi.command.function=load"})
public final class LoadCommand {
  private static final String USAGE =
      "load start [OPTIONS] | status | mark | wait [SECONDS] | stop; start takes "
          + LoadOptions.USAGE.substring("load start ".length());

  private final Kernel kernel;
  private final LoadOptions options;
  private Optional<Load> last = Optional.empty(); // guarded by this

  /**
   * Made by Declarative Services.
   *
   * @param context says where the user and the distribution are
   * @param kernel has the running system
   */
  @Activate
  public LoadCommand(BundleContext context, @Reference Kernel kernel) {
    this(
        kernel,
        new LoadOptions(
            directory(context, "quarry.cwd"),
            directory(context, "quarry.home").resolve("samples")));
  }

  LoadCommand(Kernel kernel, LoadOptions options) {
    this.kernel = kernel;
    this.options = options;
  }

  private static Path directory(BundleContext context, String property) {
    return Path.of(Optional.ofNullable(context.getProperty(property)).orElse(""));
  }

  /** Stops the load. */
  @Deactivate
  public synchronized void deactivate() {
    last.ifPresent(Load::stop);
  }

  /**
   * Works with the load.
   *
   * @param session the prompt
   * @param words what to do
   * @throws TraceException if the trace cannot be read
   * @throws IllegalStateException from {@code stop}, if there were failures or corruptions, so that
   *     a script fails
   */
  @Descriptor(
      "load start [OPTIONS] | status | mark | wait [SECONDS] | stop: threads that call the heap,"
          + " verify every block and measure latencies; see `load --help`")
  public void load(CommandSession session, @Descriptor("what to do") String... words)
      throws TraceException {
    Words.require(words, 1, Integer.MAX_VALUE, USAGE);
    PrintStream out = session.getConsole();
    List<String> rest = Arrays.asList(words).subList(1, words.length);
    switch (words[0]) {
      case "start" -> start(options.parse(rest), out);
      case "status" -> LoadText.print(alone(rest, 0).status(), out);
      case "mark" -> mark(alone(rest, 0), out);
      case "wait" -> await(alone(rest, 1), rest, out);
      case "stop" -> stop(alone(rest, 0), out);
      default ->
          throw new IllegalArgumentException(
              words[0] + " is not known; load takes start, status, mark, wait or stop");
    }
  }

  private synchronized void start(LoadSpec spec, PrintStream out) throws TraceException {
    BootedSystem system = Running.of(kernel);
    if (last.isPresent() && last.get().status().goesOn()) {
      throw new IllegalStateException("a load is running; end it first: load stop");
    }
    last.ifPresent(Load::stop);
    last = Optional.of(Load.start(system, spec));
    out.printf("%d threads call heap %s%n", spec.threads(), system.heap().provider());
  }

  /** {@return the load, if there are no more words than it may have} */
  private synchronized Load alone(List<String> rest, int most) {
    Words.require(rest.toArray(String[]::new), 0, most, USAGE);
    return last.orElseThrow(
        () -> new IllegalStateException("no load was started; start one: load start"));
  }

  private static void mark(Load load, PrintStream out) {
    LoadStatus status = load.mark();
    out.printf(Locale.ROOT, "marked at %.1f s%n", status.sinceStart().seconds());
  }

  private static void await(Load load, List<String> rest, PrintStream out) {
    long seconds = rest.isEmpty() ? Long.MAX_VALUE : AllocCommand.number(rest.getFirst());
    if (seconds < 0) {
      throw new IllegalArgumentException("load wait " + seconds + ": a time is not negative");
    }
    try {
      boolean over = load.await(seconds);
      out.println(over ? "the load " + load.status().state().label() : "the load goes on");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted; the load goes on");
    }
  }

  private static void stop(Load load, PrintStream out) {
    LoadStatus status = load.stop();
    LoadText.print(status, out);
    if (!status.good()) {
      throw new IllegalStateException(
          "the load had %d failures and %d corruptions, and left %d blocks"
              .formatted(
                  status.sinceStart().failures(),
                  status.sinceStart().corruptions(),
                  status.liveBlocks()));
    }
  }
}
