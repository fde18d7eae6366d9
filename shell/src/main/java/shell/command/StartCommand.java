package shell.command;

import java.io.PrintStream;
import java.util.Arrays;
import kernel.api.Bundles;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The command {@code start}: as the framework's own, but a bundle can also be given by its symbolic
 * name, as the framework's {@code stop} and {@code update} can.
 */
@Component(
    service = StartCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=start"})
public final class StartCommand {
  private final BundleContext context;
  private final Bundles bundles;

  /**
   * Made by Declarative Services.
   *
   * @param context knows the bundles
   * @param bundles knows what is wrong with one
   */
  @Activate
  public StartCommand(BundleContext context, @Reference Bundles bundles) {
    this.context = context;
    this.bundles = bundles;
  }

  /**
   * Starts bundles; what is given by its address is installed first.
   *
   * @param session the prompt
   * @param words numbers, symbolic names or URLs
   * @throws BundleException if one cannot be installed
   * @throws kernel.api.BundleRefusedException if one cannot be started, with what to do about it
   */
  @Descriptor("start BUNDLE...: start bundles by number, symbolic name or URL")
  public void start(CommandSession session, @Descriptor("bundles") String... words)
      throws BundleException {
    Words.require(words, 1, Integer.MAX_VALUE, "start BUNDLE...; a number, symbolic name or URL");
    for (String word : words) {
      start(find(word), session.getConsole());
    }
  }

  // A bundle that starts and offers nothing has started all the same.
  private void start(Bundle bundle, PrintStream out) {
    bundles.start(bundle);
    if (bundles.isStranger(bundle)) {
      bundles.diagnose(bundle).forEach(finding -> out.println(finding.text()));
    }
  }

  private Bundle find(String word) throws BundleException {
    return word.contains(":") ? context.installBundle(word) : find(context, word);
  }

  /** {@return the bundle of a number or symbolic name, the newest of several} */
  static Bundle find(BundleContext context, String word) {
    return Arrays.stream(context.getBundles())
        .filter(bundle -> BundleConverter.named(bundle, word))
        .max((one, other) -> one.getVersion().compareTo(other.getVersion()))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no bundle has the number or symbolic name " + word + "; see lb"));
  }
}
