package shell.command;

import allocator.api.Tier;
import kernel.api.Kernel;
import kernel.api.ProviderInfo;
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
    Table table = new Table("tier", "name", "bundle", "version", ">ranking", "model");
    for (Tier tier : Tier.values()) {
      for (ProviderInfo info : kernel.providers(tier)) {
        table.row(
            tier.label(), info.name(), info.bundle(), info.version(), info.ranking(), info.model());
      }
    }
    table.print(session.getConsole());
  }
}
