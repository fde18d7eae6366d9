package shell.command;

import allocator.api.Statistic;
import java.io.PrintStream;
import kernel.api.Kernel;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.text.Sizes;
import shell.text.Table;
import vmem.api.AddressArena;

/** The command {@code arenas}: shows the arenas of addresses. */
@Component(
    service = ArenasCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=arenas"})
public final class ArenasCommand {
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public ArenasCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Shows the arenas of addresses.
   *
   * @param session the prompt
   */
  @Descriptor("arenas of the vmem tier: spans, bytes in use and free, largest free segment")
  public void arenas(CommandSession session) {
    PrintStream out = session.getConsole();
    Table table = new Table("arena", ">quantum", ">in use", ">free", ">largest free", "spans");
    for (AddressArena arena : Running.of(kernel).addresses().arenas()) {
      table.row(
          arena.spec().name(),
          arena.spec().quantum(),
          Sizes.bytes(arena.allocatedBytes()),
          Sizes.bytes(arena.freeBytes()),
          Sizes.bytes(arena.largestFree()),
          spans(arena));
    }
    table.print(out);
    Table figures = new Table("arena", "figure", ">value", "unit");
    for (AddressArena arena : Running.of(kernel).addresses().arenas()) {
      for (Statistic figure : arena.statistics()) {
        if (figure.value() != 0) {
          figures.row(
              arena.spec().name(), figure.name(), Sizes.count(figure.value()), figure.unit());
        }
      }
    }
    out.println();
    figures.print(out);
  }

  private static String spans(AddressArena arena) {
    StringBuilder text = new StringBuilder();
    arena.walkSpans((base, size, imported) -> {
      text.append(text.isEmpty() ? "" : ", ").append("0x").append(Long.toHexString(base));
      return true;
    });
    return text.toString();
  }
}
