package shell.command;

import kernel.api.Kernel;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.text.Sizes;

/** The command {@code purge}: finishes lazy unmapping. */
@Component(
    service = PurgeCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=purge"})
public final class PurgeCommand {
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public PurgeCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Finishes lazy unmapping.
   *
   * @param session the prompt
   */
  @Descriptor("flush the TLB and send released frames home now")
  public void purge(CommandSession session) {
    long frames = Running.of(kernel).purge();
    session.getConsole().println(Sizes.count(frames) + " frames went home");
  }
}
