package shell.command;

import java.io.PrintStream;
import java.util.List;
import kernel.api.Kernel;
import kernel.api.SwapRecord;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.text.SwapText;

/** The command {@code swaps}: shows the exchanges that were made. */
@Component(
    service = SwapsCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=swaps"})
public final class SwapsCommand {
  private static final int SHOWN = 20;

  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public SwapsCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Shows the exchanges.
   *
   * @param session the prompt
   * @param words nothing for the latest ones, {@code all}, or the number of one to show in full
   */
  @Descriptor("swaps [all | NUMBER]: the exchanges: who, when, why, form, pause; one in full")
  public void swaps(
      CommandSession session, @Descriptor("all, or the number of one") String... words) {
    Words.require(words, 0, 1, "swaps [all | NUMBER]");
    List<SwapRecord> records = Running.of(kernel).swaps();
    PrintStream out = session.getConsole();
    if (words.length == 1 && !words[0].equals("all")) {
      SwapText.full(numbered(records, AllocCommand.number(words[0])), out);
      return;
    }
    int from = words.length == 1 ? 0 : Math.max(0, records.size() - SHOWN);
    SwapText.table(records.subList(from, records.size()), out);
    if (from > 0) {
      out.printf("%d earlier ones: swaps all%n", from);
    }
  }

  private static SwapRecord numbered(List<SwapRecord> records, long number) {
    return records.stream()
        .filter(record -> record.number() == number)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no exchange number " + number));
  }
}
