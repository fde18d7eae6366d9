package shell.command;

import allocator.api.CorruptionException;
import kernel.api.Kernel;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.text.CheckText;

/** The command {@code check}: recomputes every invariant of all tiers. */
@Component(
    service = CheckCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=check"})
public final class CheckCommand {
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public CheckCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Checks everything.
   *
   * @param session the prompt
   * @throws CorruptionException if something does not hold, so that a script fails
   */
  @Descriptor("recompute every invariant of all tiers and say what was checked")
  public void check(CommandSession session) {
    if (!CheckText.print(Running.of(kernel).check(), session.getConsole())) {
      throw new CorruptionException("the check failed; the lines marked BAD say where");
    }
  }
}
