package shell.command;

import kernel.api.Kernel;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.text.BootLogText;

/** The command {@code dmesg}: shows what happened during boot. */
@Component(
    service = DmesgCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=dmesg"})
public final class DmesgCommand {
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public DmesgCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Shows what happened during boot.
   *
   * @param session the prompt
   */
  @Descriptor("what happened during boot, a line per step")
  public void dmesg(CommandSession session) {
    BootLogText.print(Running.of(kernel).bootLog(), session.getConsole());
  }
}
