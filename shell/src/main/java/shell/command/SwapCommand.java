package shell.command;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import kernel.api.Kernel;
import kernel.api.SwapRecord;
import kernel.api.SwapRefusedException;
import kernel.api.SwapRequest;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.text.SwapText;

/** The command {@code swap}: exchanges a tier's provider while its clients go on. */
@Component(
    service = SwapCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=swap"})
public final class SwapCommand {
  private static final String USAGE =
      "swap [--dry-run] [--force] TIER PROVIDER; TIER is physmem, vmem or heap, PROVIDER a name, a"
          + " bundle, or either with @VERSION (see providers)";

  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public SwapCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Exchanges a provider.
   *
   * @param session the prompt
   * @param words options, the tier and the successor
   * @throws SwapRefusedException if the exchange was called off, so that a script fails
   */
  @Descriptor(
      "swap [--dry-run] [--force] TIER PROVIDER: exchange a tier's provider while its clients go"
          + " on")
  public void swap(CommandSession session, @Descriptor("options, tier, provider") String... words) {
    List<String> rest = new ArrayList<>(List.of(words));
    boolean dryRun = rest.remove("--dry-run");
    boolean force = rest.remove("--force");
    rest.stream()
        .filter(word -> word.startsWith("-"))
        .findFirst()
        .ifPresent(option -> {
          throw new IllegalArgumentException("no option " + option + "; usage: " + USAGE);
        });
    Words.require(rest.toArray(String[]::new), 2, 2, USAGE);
    requireOrder(rest.get(0), rest.get(1));
    SwapRequest request =
        new SwapRequest(AllocCommand.tierNamed(rest.get(0)), rest.get(1), dryRun, force, user());
    print(Running.of(kernel).swap(request), session.getConsole());
  }

  private static void requireOrder(String tier, String provider) {
    if (!AllocCommand.isTier(tier) && AllocCommand.isTier(provider)) {
      throw new IllegalArgumentException(
          "the tier comes first: swap %s %s".formatted(provider, tier));
    }
  }

  private static String user() {
    return "shell, " + System.getProperty("user.name", "somebody");
  }

  private static void print(SwapRecord record, PrintStream out) {
    boolean good = record.done() || (record.dryRun() && record.message().isEmpty());
    if (!good) {
      throw new SwapRefusedException(SwapText.line(record));
    }
    out.println(SwapText.line(record));
  }
}
