package shell.command;

import kernel.api.Kernel;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.text.Sizes;
import shell.text.WalkText;

/** The command {@code walk}: reads the page tables level by level. */
@Component(
    service = WalkCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=walk"})
public final class WalkCommand {
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public WalkCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Reads the page tables level by level.
   *
   * @param session the prompt
   * @param words the virtual address
   */
  @Descriptor("walk ADDRESS: each level of the page walk, and the result")
  public void walk(CommandSession session, @Descriptor("virtual address") String... words) {
    String address = Words.require(words, 1, 1, "walk ADDRESS")[0];
    WalkText.print(
        Running.of(kernel).kernelSpace(), Sizes.parseAddress(address), session.getConsole());
  }
}
