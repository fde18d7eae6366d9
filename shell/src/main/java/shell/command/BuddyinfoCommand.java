package shell.command;

import kernel.api.Kernel;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.text.BuddyinfoText;

/** The command {@code buddyinfo}: shows free blocks by order. */
@Component(
    service = BuddyinfoCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=buddyinfo"})
public final class BuddyinfoCommand {
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public BuddyinfoCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Shows free blocks by order.
   *
   * @param session the prompt
   */
  @Descriptor("free blocks by order, as /proc/buddyinfo has them")
  public void buddyinfo(CommandSession session) {
    BuddyinfoText.print(Running.of(kernel).frames().zones(), session.getConsole());
  }
}
