package shell.command;

import allocator.api.Tier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kernel.api.Kernel;
import kernel.api.ProviderInfo;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * What the prompt proposes for the words behind some commands; called by {@code etc/gosh_profile}.
 */
@Component(
    service = Completions.class,
    property = {
      "osgi.command.scope=completion",
      "osgi.command.function=swapwords",
      "osgi.command.function=showwords",
      "osgi.command.function=bundlewords"
    })
public final class Completions {
  private final BundleContext context;
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param context knows the bundles
   * @param kernel knows the providers
   */
  @Activate
  public Completions(BundleContext context, @Reference Kernel kernel) {
    this.context = context;
    this.kernel = kernel;
  }

  /**
   * Proposes a tier, then the providers of that tier.
   *
   * @param words the line so far, the command first
   * @return the proposals
   */
  @Descriptor("what may stand behind swap")
  public List<String> swapwords(List<?> words) {
    for (Object word : words.subList(Math.min(1, words.size()), words.size())) {
      for (Tier tier : Tier.values()) {
        if (tier.label().equals(String.valueOf(word))) {
          return kernel.providers(tier).stream().map(ProviderInfo::name).distinct().toList();
        }
      }
    }
    List<String> first = new ArrayList<>(Arrays.stream(Tier.values()).map(Tier::label).toList());
    first.add("--dry-run");
    first.add("--force");
    return first;
  }

  /** {@return the names of the reports that the providers print now} */
  @Descriptor("what may stand behind show")
  public List<String> showwords() {
    return kernel.running().stream()
        .flatMap(
            system -> Arrays.stream(Tier.values()).flatMap(tier -> system.reports(tier).stream()))
        .toList();
  }

  /** {@return the symbolic names of all bundles} */
  @Descriptor("what may stand behind start, stop, update and the like")
  public List<String> bundlewords() {
    return Arrays.stream(context.getBundles())
        .map(bundle -> String.valueOf(bundle.getSymbolicName()))
        .distinct()
        .sorted()
        .toList();
  }
}
