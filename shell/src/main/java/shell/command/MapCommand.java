package shell.command;

import kernel.api.BootedSystem;
import kernel.api.Kernel;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.lint.LintText;

/** The command {@code map}: shows the firmware map that was booted, with every decision. */
@Component(
    service = MapCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=map"})
public final class MapCommand {
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public MapCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Shows the firmware map that was booted, with every decision.
   *
   * @param session the prompt
   */
  @Descriptor("the firmware map that was booted, with what the sanitiser decided")
  public void map(CommandSession session) {
    BootedSystem system = Running.of(kernel);
    session.getConsole().println(LintText.render(system.firmwareMap(), system.machine().map()));
  }
}
