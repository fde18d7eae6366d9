package shell.command;

import allocator.api.Tier;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.text.Table;

/**
 * The command {@code show}: prints the reports that providers have in the form of their originals.
 */
@Component(
    service = ShowCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=show"})
public final class ShowCommand {
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public ShowCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Lists the reports that there are.
   *
   * @param session the prompt
   */
  @Descriptor("show: the reports that the providers print; show REPORT, show TIER REPORT: one")
  public void show(CommandSession session) {
    BootedSystem system = Running.of(kernel);
    Table table = new Table("tier", "provider", "report");
    for (Tier tier : Tier.values()) {
      List<String> names = system.reports(tier);
      table.row(tier.label(), provider(system, tier), names.isEmpty() ? "-" : list(names));
    }
    table.print(session.getConsole());
  }

  /**
   * Prints the report of that name, of the lowest tier that has it.
   *
   * @param session the prompt
   * @param name the report, such as {@code slabinfo}
   */
  @Descriptor("prints a report")
  public void show(CommandSession session, @Descriptor("the report") String name) {
    BootedSystem system = Running.of(kernel);
    Tier tier =
        Arrays.stream(Tier.values())
            .filter(each -> system.reports(each).contains(name))
            .findFirst()
            .orElseThrow(() -> unknown(system, name));
    print(system, tier, name, session.getConsole());
  }

  /**
   * Prints a report of a tier.
   *
   * @param session the prompt
   * @param tier the tier's name
   * @param name the report
   */
  @Descriptor("prints a report of a tier")
  public void show(
      CommandSession session,
      @Descriptor("physmem, vmem or heap") String tier,
      @Descriptor("the report") String name) {
    BootedSystem system = Running.of(kernel);
    print(system, tier(tier), name, session.getConsole());
  }

  private static void print(BootedSystem system, Tier tier, String name, PrintStream out) {
    if (!system.reports(tier).contains(name)) {
      throw unknown(system, name);
    }
    system.report(tier, name).forEach(out::println);
  }

  /** {@return the tier of that name, as users type it} */
  static Tier tier(String name) {
    Optional<Tier> found =
        Arrays.stream(Tier.values())
            .filter(tier -> tier.label().equals(name.toLowerCase(Locale.ROOT)))
            .findFirst();
    return found.orElseThrow(() ->
        new IllegalArgumentException(
            "there is no tier %s; tiers are physmem, vmem and heap".formatted(name)));
  }

  private static IllegalArgumentException unknown(BootedSystem system, String name) {
    String known =
        Arrays.stream(Tier.values())
            .filter(tier -> !system.reports(tier).isEmpty())
            .map(tier ->
                tier.label() + " " + provider(system, tier) + " has " + list(system.reports(tier)))
            .collect(Collectors.joining("; "));
    return new IllegalArgumentException(
        "no provider that serves now has a report %s; %s"
            .formatted(name, known.isEmpty() ? "none has any" : known));
  }

  private static String provider(BootedSystem system, Tier tier) {
    String name =
        switch (tier) {
          case PHYSMEM -> system.frames().provider();
          case VMEM -> system.addresses().provider();
          case HEAP -> system.heap().provider();
        };
    return name.isEmpty() ? "(vacant)" : name;
  }

  private static String list(List<String> names) {
    return String.join(", ", names);
  }
}
