package shell.command;

import hardware.api.Machine;
import hardware.api.MmuCounters;
import java.io.PrintStream;
import kernel.api.BootedSystem;
import kernel.api.FrameUsage;
import kernel.api.Kernel;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.text.Sizes;

/** The command {@code machine}: shows the machine and where its frames are. */
@Component(
    service = MachineCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=machine"})
public final class MachineCommand {
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public MachineCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Shows the machine and where its frames are.
   *
   * @param session the prompt
   */
  @Descriptor("the machine: RAM, CPUs, page tables, TLB, and where the frames are")
  public void machine(CommandSession session) {
    BootedSystem system = Running.of(kernel);
    Machine machine = system.machine();
    FrameUsage usage = system.frameUsage();
    MmuCounters mmu = machine.mmu().counters();
    PrintStream out = session.getConsole();
    out.println("map           " + system.firmwareMap().name());
    out.printf(
        "RAM           %s in %d spans below 0x%x, %d CPUs%n",
        Sizes.bytes(machine.map().usableBytes()),
        machine.map().usable().size(),
        machine.memory().top(),
        machine.cpus());
    out.printf(
        "page tables   %s, root 0x%x, %s frames%n",
        machine.pageTableFormat(), system.kernelSpace().root(), Sizes.count(system.tableFrames()));
    out.println("TLB           " + machine.mmu().tlbShape().replace("; ", "\n              "));
    out.printf(
        "RAM file      %s, %s on the host%n",
        machine.memory().file(), Sizes.bytes(machine.memory().hostBytes()));
    out.printf(
        "frames        %s present = %s kernel's own + %s free%n"
            + "              + %s page tables + %s behind ranges + %s held directly%n",
        Sizes.count(usage.present()),
        Sizes.count(usage.kernel()),
        Sizes.count(usage.free()),
        Sizes.count(usage.tables()),
        Sizes.count(usage.backing()),
        Sizes.count(usage.other()));
    out.printf(
        "MMU           %s flushes of %s pages%n"
            + "              counted path: %s accesses, %s walks%n",
        Sizes.count(mmu.flushes()),
        Sizes.count(mmu.flushedPages()),
        Sizes.count(mmu.accesses()),
        Sizes.count(mmu.walks()));
  }
}
