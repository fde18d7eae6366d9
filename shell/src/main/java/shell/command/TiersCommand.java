package shell.command;

import kernel.api.BootedSystem;
import kernel.api.Kernel;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.text.TiersText;

/** The command {@code tiers}: shows who serves each tier and what is live. */
@Component(
    service = TiersCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=tiers"})
public final class TiersCommand {
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public TiersCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Shows who serves each tier and what is live.
   *
   * @param session the prompt
   */
  @Descriptor("provider, version, bundle, state, live ranges and bytes of each tier")
  public void tiers(CommandSession session) {
    BootedSystem system = Running.of(kernel);
    TiersText.print(system.tiers(), system.machine().memory().pageBytes(), session.getConsole());
  }
}
