package shell.cli;

import hardware.api.map.FirmwareMaps;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.ToIntFunction;
import kernel.api.Bundles;
import kernel.api.Kernel;
import org.apache.felix.service.command.CommandProcessor;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import picocli.CommandLine;

/**
 * The command line as a service of JDK types, so that the launcher, which shares no class with the
 * bundles, can call it. Returns the exit status, or -1 to leave the terminal to the prompt.
 */
@Component(property = "quarry.main:Boolean=true")
public final class MainService implements ToIntFunction<String[]> {
  private final House house;

  /**
   * Made by Declarative Services.
   *
   * @param context says where the distribution is
   * @param kernel boots machines
   * @param bundles brings other bundles in
   * @param maps reads firmware maps
   * @param processor runs the prompt's commands
   */
  @Activate
  public MainService(
      BundleContext context,
      @Reference Kernel kernel,
      @Reference Bundles bundles,
      @Reference FirmwareMaps maps,
      @Reference CommandProcessor processor) {
    String home = Optional.ofNullable(context.getProperty("quarry.home")).orElse(".");
    this.house = new House(kernel, bundles, maps, processor, new Samples(Path.of(home)), context);
  }

  @Override
  public int applyAsInt(String[] arguments) {
    return commandLine(Terminal.ofProcess()).execute(arguments);
  }

  private CommandLine commandLine(Terminal terminal) {
    CommandFactory factory = new CommandFactory(house, terminal);
    CommandLine line = Interpreter.of(new QuarryCommand(house), factory, terminal);
    line.getCommandSpec().version("Quarry " + house.version());
    return line;
  }
}
