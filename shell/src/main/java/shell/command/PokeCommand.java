package shell.command;

import hardware.api.Mmu;
import hardware.api.Window;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.text.Sizes;

/** The command {@code poke}: changes memory at a virtual or physical address. */
@Component(
    service = PokeCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=poke"})
public final class PokeCommand {
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public PokeCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Writes a word of eight bytes.
   *
   * @param session the prompt
   * @param physical whether the address is physical
   * @param words the address and the word
   */
  @Descriptor("poke [-p] ADDRESS VALUE: write 8 bytes at a virtual (-p: physical) address")
  public void poke(
      CommandSession session,
      @Parameter(
              names = {"-p", "--physical"},
              presentValue = "true",
              absentValue = "false")
          boolean physical,
      @Descriptor("address and value") String... words) {
    Words.require(words, 2, 2, "poke [-p] ADDRESS VALUE");
    BootedSystem system = Running.of(kernel);
    long at = Sizes.parseAddress(words[0]);
    long target =
        physical ? PeekCommand.inRam(system, at) : PeekCommand.translated(system, at, Mmu.WRITE);
    Window ram = system.machine().memory().window();
    long before = ram.getLong(target);
    long after = Sizes.parseAddress(words[1]);
    ram.putLong(target, after);
    session.getConsole().printf("%s  %016x -> %016x%n", Sizes.address(at), before, after);
  }
}
