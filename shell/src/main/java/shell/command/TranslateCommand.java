package shell.command;

import kernel.api.Kernel;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.text.Sizes;
import shell.text.TranslateText;

/** The command {@code translate}: translates addresses, a line each. */
@Component(
    service = TranslateCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=translate"})
public final class TranslateCommand {
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public TranslateCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Translates addresses, a line each.
   *
   * @param session the prompt
   * @param addresses the virtual addresses
   */
  @Descriptor("translate ADDRESS...: a line each, 0xVA -> 0xPA or 0xVA -> unmapped")
  public void translate(
      CommandSession session, @Descriptor("virtual addresses") String... addresses) {
    for (String address : Words.require(addresses, 1, Integer.MAX_VALUE, "translate ADDRESS...")) {
      session
          .getConsole()
          .println(
              TranslateText.line(Running.of(kernel).kernelSpace(), Sizes.parseAddress(address)));
    }
  }
}
