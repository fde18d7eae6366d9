package shell.command;

import hardware.api.Mmu;
import hardware.api.MmuCounters;
import hardware.api.TlbEntry;
import java.io.PrintStream;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.text.Sizes;
import shell.text.Table;

/** The command {@code tlb}: makes counted accesses and shows the modelled TLB. */
@Component(
    service = TlbCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=tlb"})
public final class TlbCommand {
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public TlbCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Shows the TLB of each CPU, after reading the addresses named through it.
   *
   * @param session the prompt
   * @param addresses addresses to read on CPU 0 first, through the counted path
   */
  @Descriptor("tlb [ADDRESS...]: TLB entries and counters, after reading the addresses on CPU 0")
  public void tlb(CommandSession session, @Descriptor("addresses to read") String... addresses) {
    BootedSystem system = Running.of(kernel);
    Mmu mmu = system.machine().mmu();
    PrintStream out = session.getConsole();
    for (String address : addresses) {
      long at = Sizes.parseAddress(address);
      long physical = mmu.access(system.kernelSpace(), 0, at, Mmu.READ);
      out.printf("read 0x%x -> 0x%x%n", at, physical);
    }
    out.println(mmu.tlbShape().replace("; ", "\n"));
    for (int cpu = 0; cpu < system.machine().cpus(); cpu++) {
      entries(cpu, mmu, out);
    }
    MmuCounters counters = mmu.counters();
    out.printf(
        "%d accesses, %d hits, %d walks of %d steps, %d faults, %d flushes, %d shootdowns%n",
        counters.accesses(),
        counters.hits(),
        counters.walks(),
        counters.walkSteps(),
        counters.faults(),
        counters.flushes(),
        counters.shootdowns());
  }

  private static void entries(int cpu, Mmu mmu, PrintStream out) {
    Table table = new Table(">cpu", ">set", ">way", ">asid", "page", "frame", "size", "flags");
    for (TlbEntry entry : mmu.tlb(cpu)) {
      table.row(
          cpu,
          entry.set(),
          entry.way(),
          entry.asid(),
          Sizes.address(entry.page()),
          "0x" + Long.toHexString(entry.frame()),
          Sizes.bytes(entry.pageBytes()),
          (entry.global() ? "G" : "-") + (entry.dirty() ? "D" : "-"));
    }
    if (!mmu.tlb(cpu).isEmpty()) {
      table.print(out);
    }
  }
}
