package shell.command;

import allocator.api.Tier;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kernel.api.BootedSystem;
import kernel.api.Bundles;
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
  private final Bundles bundles;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   * @param bundles knows what keeps bundles from offering a provider
   */
  @Activate
  public ProvidersCommand(@Reference Kernel kernel, @Reference Bundles bundles) {
    this.kernel = kernel;
    this.bundles = bundles;
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
    namesakes(session.getConsole());
    bundles.diagnose().forEach(finding -> session.getConsole().println(finding.text()));
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

  // The preferred one stands first.
  private void namesakes(PrintStream out) {
    for (Tier tier : Tier.values()) {
      List<ProviderInfo> all = kernel.providers(tier);
      Map<String, ProviderInfo> preferred = new HashMap<>();
      for (ProviderInfo info : all) {
        ProviderInfo first = preferred.putIfAbsent(info.name(), info);
        if (first != null) {
          out.printf(
              "%s is there more than once: the plain name means that of %s %s; for that of %s %s"
                  + " write `swap %s %s`%n",
              info.name(),
              first.bundle(),
              first.version(),
              info.bundle(),
              info.version(),
              tier.label(),
              info.distinctName(all));
        }
      }
    }
  }

  private void quarantines(PrintStream out) {
    for (Tier tier : Tier.values()) {
      for (ProviderInfo info : kernel.providers(tier)) {
        kernel.quarantined(info).ifPresent(why -> out.printf("%s: %s%n", info.name(), why));
      }
    }
  }
}
