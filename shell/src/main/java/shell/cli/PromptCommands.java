package shell.cli;

import hardware.api.map.FirmwareMaps;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import kernel.api.Bundles;
import kernel.api.Kernel;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import picocli.CommandLine;

/**
 * The commands that the prompt shares with the command line, with the same options: {@code replay},
 * {@code compare}, {@code age}, {@code bench}, {@code lint} and {@code boot}.
 */
@Component(
    service = PromptCommands.class,
    property = {
      "osgi.command.scope=quarry",
      "osgi.command.function=replay",
      "osgi.command.function=compare",
      "osgi.command.function=age",
      "osgi.command.function=bench",
      "osgi.command.function=lint",
      "osgi.command.function=boot"
    })
public final class PromptCommands {
  private final House house;

  /**
   * Made by Declarative Services.
   *
   * @param context says where the distribution is
   * @param kernel has the running system
   * @param bundles brings other bundles in
   * @param maps reads firmware maps
   * @param processor the prompt's processor
   */
  @Activate
  public PromptCommands(
      BundleContext context,
      @Reference Kernel kernel,
      @Reference Bundles bundles,
      @Reference FirmwareMaps maps,
      @Reference CommandProcessor processor) {
    String home = Optional.ofNullable(context.getProperty("quarry.home")).orElse(".");
    this.house = new House(kernel, bundles, maps, processor, new Samples(Path.of(home)), context);
  }

  /**
   * Replays traces: on the running machine, or on machines of their own if a map, a provider or a
   * setting is given.
   *
   * @param session the prompt
   * @param words options and traces
   */
  @Descriptor("replay [OPTIONS] TRACE...: on the running machine; see `replay --help`")
  public void replay(CommandSession session, @Descriptor("options and traces") Object... words) {
    Terminal terminal = terminal(session);
    ReplayCommand command = new ReplayCommand(house, terminal);
    command.live = house.kernel().running();
    run(command, terminal, words);
  }

  /**
   * Replays traces on several stacks and maps, each on machines of its own.
   *
   * @param session the prompt
   * @param words options and traces
   */
  @Descriptor("compare [OPTIONS] TRACE...: stacks, maps and settings; see `compare --help`")
  public void compare(CommandSession session, @Descriptor("options and traces") Object... words) {
    Terminal terminal = terminal(session);
    run(new CompareCommand(house, terminal), terminal, words);
  }

  /**
   * Lets machines of their own age.
   *
   * @param session the prompt
   * @param words options
   */
  @Descriptor("age [OPTIONS]: months of churn on page frames; see `age --help`")
  public void age(CommandSession session, @Descriptor("options") Object... words) {
    Terminal terminal = terminal(session);
    run(new AgeCommand(house, terminal), terminal, words);
  }

  /**
   * Runs a benchmark on machines of its own.
   *
   * @param session the prompt
   * @param words name and options
   */
  @Descriptor("bench NAME [OPTIONS]: a benchmark of the field; see `bench --help`, `bench list`")
  public void bench(CommandSession session, @Descriptor("name and options") Object... words) {
    Terminal terminal = terminal(session);
    run(new BenchCommand(house, terminal), terminal, words);
  }

  /**
   * Shows what is in a firmware map.
   *
   * @param session the prompt
   * @param words options and maps
   */
  @Descriptor("lint [OPTIONS] MAP...: what is in a firmware map; see `lint --help`")
  public void lint(CommandSession session, @Descriptor("options and maps") Object... words) {
    Terminal terminal = terminal(session);
    run(new LintCommand(house, terminal), terminal, words);
  }

  /**
   * Boots another machine in place of the running one.
   *
   * @param session the prompt
   * @param words options
   */
  @Descriptor("boot [OPTIONS]: boot another machine in place of this one; see `boot --help`")
  public void boot(CommandSession session, @Descriptor("options") Object... words) {
    Terminal terminal = terminal(session);
    run(new BootCommand(house, terminal), terminal, words);
  }

  private static Terminal terminal(CommandSession session) {
    PrintStream out = session.getConsole();
    return new Terminal(out, out, false);
  }

  private static void run(Object command, Terminal terminal, Object... words) {
    String[] arguments = Arrays.stream(words).map(String::valueOf).toArray(String[]::new);
    CommandLine line = Interpreter.of(command, CommandLine.defaultFactory(), terminal);
    int status = line.execute(arguments);
    if (status != 0) {
      throw new IllegalStateException(line.getCommandName() + " failed, status " + status);
    }
  }
}
