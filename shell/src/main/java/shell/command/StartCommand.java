package shell.command;

import java.util.Arrays;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * The command {@code start}: as the framework's own, but a bundle can also be given by its symbolic
 * name, as the framework's {@code stop} and {@code update} can.
 */
@Component(
    service = StartCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=start"})
public final class StartCommand {
  private final BundleContext context;

  /**
   * Made by Declarative Services.
   *
   * @param context knows the bundles
   */
  @Activate
  public StartCommand(BundleContext context) {
    this.context = context;
  }

  /**
   * Starts bundles; what is given by its address is installed first.
   *
   * @param words numbers, symbolic names or URLs
   * @throws BundleException if one cannot be started, with the reason
   */
  @Descriptor("start BUNDLE...: start bundles by number, symbolic name or URL")
  public void start(@Descriptor("bundles") String... words) throws BundleException {
    Words.require(words, 1, Integer.MAX_VALUE, "start BUNDLE...; a number, symbolic name or URL");
    for (String word : words) {
      find(word).start();
    }
  }

  private Bundle find(String word) throws BundleException {
    if (word.contains(":")) {
      return context.installBundle(word);
    }
    return Arrays.stream(context.getBundles())
        .filter(bundle -> BundleConverter.named(bundle, word))
        .max((one, other) -> one.getVersion().compareTo(other.getVersion()))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no bundle has the number or symbolic name " + word + "; see lb"));
  }
}
