package shell.command;

import allocator.api.Tier;
import java.io.PrintStream;
import java.util.List;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import kernel.api.ProviderInfo;
import kernel.api.TierStatus;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.text.Table;

/** The command {@code providers}: shows the providers that are present. */
@Component(
    service = ProvidersCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=providers"})
public final class ProvidersCommand {
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public ProvidersCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Shows the providers that are present.
   *
   * @param session the prompt
   */
  @Descriptor("providers of each tier that could be booted")
  public void providers(CommandSession session) {
    List<TierStatus> serving =
        kernel.running().map(BootedSystem::tiers).orElse(List.of()); // takes a census: once
    Table table = new Table("tier", "name", "bundle", "version", ">ranking", "state", "model");
    for (Tier tier : Tier.values()) {
      for (ProviderInfo info : kernel.providers(tier)) {
        table.row(
            tier.label(),
            info.name(),
            info.bundle(),
            info.version(),
            info.ranking(),
            state(info, serving),
            info.model());
      }
    }
    table.print(session.getConsole());
    quarantines(session.getConsole());
  }

  private String state(ProviderInfo info, List<TierStatus> serving) {
    if (kernel.quarantined(info).isPresent()) {
      return "quarantined";
    }
    boolean serves =
        serving.stream()
            .anyMatch(tier ->
                tier.bundle().equals(info.bundle()) && tier.version().equals(info.version()));
    return serves ? "serves" : "ready";
  }

  private void quarantines(PrintStream out) {
    for (Tier tier : Tier.values()) {
      for (ProviderInfo info : kernel.providers(tier)) {
        kernel.quarantined(info).ifPresent(why -> out.printf("%s: %s%n", info.name(), why));
      }
    }
  }
}
