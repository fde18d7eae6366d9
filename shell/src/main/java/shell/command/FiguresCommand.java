package shell.command;

import allocator.api.Statistic;
import allocator.api.Tier;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.text.Sizes;
import shell.text.Table;

/**
 * The command {@code figures}: shows the figures that the providers keep, in the manner of kstat.
 */
@Component(
    service = FiguresCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=figures"})
public final class FiguresCommand {
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public FiguresCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Shows the figures of all tiers, or of those named.
   *
   * @param session the prompt
   * @param tiers names of tiers; all if none is named
   */
  @Descriptor("figures [TIER...]: what the providers count, as kstat has it")
  public void figures(CommandSession session, @Descriptor("physmem, vmem, heap") String... tiers) {
    BootedSystem system = Running.of(kernel);
    Table table = new Table("tier", "figure", ">value", "unit");
    if (tiers.length == 0) {
      for (Tier tier : Tier.values()) {
        add(table, system, tier);
      }
    }
    for (String name : tiers) {
      add(table, system, ShowCommand.tier(name));
    }
    table.print(session.getConsole());
  }

  private static void add(Table table, BootedSystem system, Tier tier) {
    for (Statistic figure : system.figures(tier)) {
      table.row(tier.label(), figure.name(), Sizes.count(figure.value()), figure.unit());
    }
  }
}
