package shell.command;

import kernel.api.BootedSystem;
import kernel.api.Kernel;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The command {@code guard}: switches the checked mode. */
@Component(
    service = GuardCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=guard"})
public final class GuardCommand {
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public GuardCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Switches the checked mode or says whether it is on.
   *
   * @param session the prompt
   * @param words {@code on}, {@code off} or nothing
   */
  @Descriptor(
      "guard [on | off]: compare every call with what must hold; a provider that breaks its"
          + " contract is quarantined and replaced")
  public void guard(CommandSession session, @Descriptor("on or off") String... words) {
    Words.require(words, 0, 1, "guard [on | off]");
    BootedSystem system = Running.of(kernel);
    if (words.length == 1) {
      system.guard(isOn(words[0]));
    }
    session.getConsole().println("guard is " + (system.guarded() ? "on" : "off"));
  }

  private static boolean isOn(String word) {
    return switch (word) {
      case "on" -> true;
      case "off" -> false;
      default -> throw new IllegalArgumentException("guard takes on or off, not " + word);
    };
  }
}
