package shell.command;

import hardware.api.Mmu;
import hardware.api.Window;
import java.io.PrintStream;
import java.util.Locale;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.text.Sizes;

/** The command {@code peek}: shows memory at a virtual or physical address. */
@Component(
    service = PeekCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=peek"})
public final class PeekCommand {
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public PeekCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Shows words of memory.
   *
   * @param session the prompt
   * @param physical whether the address is physical
   * @param words the address
   */
  @Descriptor("peek [-p] ADDRESS: 8 words of 8 bytes at a virtual (-p: physical) address")
  public void peek(
      CommandSession session,
      @Parameter(
              names = {"-p", "--physical"},
              presentValue = "true",
              absentValue = "false")
          boolean physical,
      @Descriptor("address") String... words) {
    String address = Words.require(words, 1, 1, "peek [-p] ADDRESS")[0];
    BootedSystem system = Running.of(kernel);
    PrintStream out = session.getConsole();
    long first = Sizes.parseAddress(address) & -Long.BYTES;
    for (int i = 0; i < WORDS; i += 2) {
      long at = first + (long) i * Long.BYTES;
      out.printf(
          Locale.ROOT,
          "%s  %016x %016x%n",
          Sizes.address(at),
          word(system, at, physical),
          word(system, at + Long.BYTES, physical));
    }
  }

  private static long word(BootedSystem system, long address, boolean physical) {
    Window ram = system.machine().memory().window();
    return ram.getLong(physical ? inRam(system, address) : translated(system, address, Mmu.READ));
  }

  /**
   * Translates through the MMU, as an access of CPU 0 that counts and sets accessed and dirty bits.
   *
   * @return the physical address of a mapped virtual one
   */
  static long translated(BootedSystem system, long address, int access) {
    return inRam(system, system.machine().mmu().access(system.kernelSpace(), 0, address, access));
  }

  /** {@return a physical address that has a host page behind it now} */
  static long inRam(BootedSystem system, long address) {
    var memory = system.machine().memory();
    memory.supply(address / memory.pageBytes(), 1);
    return address;
  }

  private static final int WORDS = 8; // one cache line
}
