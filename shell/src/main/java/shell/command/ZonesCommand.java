package shell.command;

import java.io.PrintStream;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.text.Sizes;
import shell.text.ZonesText;

/** The command {@code zones}: shows the zones of RAM. */
@Component(
    service = ZonesCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=zones"})
public final class ZonesCommand {
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public ZonesCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Shows the zones of RAM.
   *
   * @param session the prompt
   */
  @Descriptor("zones of each node: spanned, present, managed, free frames and watermarks")
  public void zones(CommandSession session) {
    BootedSystem system = Running.of(kernel);
    PrintStream out = session.getConsole();
    ZonesText.print(system.frames().zones(), out);
    out.println(
        "start in hexadecimal, all in frames of "
            + Sizes.bytes(system.machine().memory().pageBytes()));
  }
}
