package shell.command;

import allocator.api.CensusSummary;
import allocator.api.Statistic;
import heap.api.Heap;
import java.io.PrintStream;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import kernel.api.LodgingStatus;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.text.Sizes;
import shell.text.Table;

/** The command {@code heapinfo}: shows the figures of the heap and of what stands behind it. */
@Component(
    service = HeapinfoCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=heapinfo"})
public final class HeapinfoCommand {
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public HeapinfoCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Shows the figures of the heap and of what stands behind it.
   *
   * @param session the prompt
   */
  @Descriptor("figures of the heap and of the kernel memory behind it")
  public void heapinfo(CommandSession session) {
    BootedSystem system = Running.of(kernel);
    Heap heap = system.heap();
    PrintStream out = session.getConsole();
    CensusSummary census = heap.census();
    out.printf(
        "%s: %s blocks, %s usable, footprint %s, peak %s, lowest address %s%n",
        heap.provider(),
        Sizes.count(census.liveCount()),
        Sizes.bytes(census.liveUnits()),
        Sizes.bytes(heap.footprint()),
        Sizes.bytes(heap.peakFootprint()),
        Sizes.address(heap.lowestAddress()));
    Table table = new Table("of", "figure", ">value", "unit");
    for (Statistic figure : heap.statistics()) {
      table.row(heap.provider(), figure.name(), Sizes.count(figure.value()), figure.unit());
    }
    for (Statistic figure : system.statistics()) {
      table.row("backing", figure.name(), Sizes.count(figure.value()), figure.unit());
    }
    table.print(out);
    lodgings(system, out);
  }

  private static void lodgings(BootedSystem system, PrintStream out) {
    if (system.lodgings().isEmpty()) {
      return;
    }
    Table table = new Table("lodgers of", ">blocks", ">bytes", ">held", "state");
    for (LodgingStatus lodging : system.lodgings()) {
      table.row(
          lodging.from(),
          Sizes.count(lodging.blocks()),
          Sizes.bytes(lodging.bytes()),
          Sizes.bytes(lodging.heldBytes()),
          lodging.failure().isEmpty()
              ? lodging.listed() ? "listed" : "being listed"
              : lodging.failure());
    }
    table.print(out);
  }
}
