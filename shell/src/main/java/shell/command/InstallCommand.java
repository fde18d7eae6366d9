package shell.command;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import kernel.api.BundleFinding;
import kernel.api.BundleRefusedException;
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
 * The commands {@code install} and {@code update}: as the framework's own, but what fails fails the
 * script, and says what to do.
 */
@Component(
    service = InstallCommand.class,
    property = {
      "osgi.command.scope=quarry",
      "osgi.command.function=install",
      "osgi.command.function=update"
    })
public final class InstallCommand {
  private static final String FILE = "file:";
  private static final String INSTALL = "install URL...; such as file:my-heap.jar, or a path";
  private static final String UPDATE =
      "update BUNDLE [URL]; a number or symbolic name, and where the new jar is if not where the"
          + " bundle came from";

  private final BundleContext context;
  private final Bundles bundles;

  /**
   * Made by Declarative Services.
   *
   * @param context knows the bundles
   * @param bundles knows what is wrong with a jar
   */
  @Activate
  public InstallCommand(BundleContext context, @Reference Bundles bundles) {
    this.context = context;
    this.bundles = bundles;
  }

  /**
   * Installs bundles; {@code start} starts them.
   *
   * @param session the prompt
   * @param words URLs or paths
   * @throws BundleException if the framework does not take one
   */
  @Descriptor("install URL...: install bundles; start starts them")
  public void install(CommandSession session, @Descriptor("URLs or paths") String... words)
      throws BundleException {
    Words.require(words, 1, Integer.MAX_VALUE, INSTALL);
    for (String word : words) {
      Bundle bundle = install(word);
      session.getConsole().println("Bundle ID: " + bundle.getBundleId());
    }
  }

  private Bundle install(String word) throws BundleException {
    String location = location(word);
    inspect(location);
    try (InputStream in = open(location)) {
      return context.installBundle(location, in);
    } catch (IOException e) {
      throw unreadable(location, e);
    } catch (BundleException e) {
      if (e.getType() == BundleException.DUPLICATE_BUNDLE_ERROR) {
        throw duplicate(location, e);
      }
      throw e;
    }
  }

  /** {@return what a user wrote as a URL: a path is a file's} */
  static String location(String word) {
    boolean url = word.matches("[A-Za-z][A-Za-z0-9+.-]+:.*");
    return url ? word : Path.of(word).toAbsolutePath().normalize().toUri().toString();
  }

  private void inspect(String location) {
    file(location)
        .flatMap(bundles::inspect)
        .ifPresent(finding -> {
          throw new BundleRefusedException(List.of(finding));
        });
  }

  private static Optional<Path> file(String location) {
    if (!location.startsWith(FILE)) {
      return Optional.empty();
    }
    URI uri = URI.create(location.replace(" ", "%20"));
    return Optional.of(
        uri.isOpaque() ? Path.of(location.substring(FILE.length())) : Path.of(uri.getPath()));
  }

  private static InputStream open(String location) throws IOException {
    URL url = URI.create(location.replace(" ", "%20")).toURL();
    return url.openStream();
  }

  private static BundleRefusedException unreadable(String location, IOException e) {
    String what =
        e instanceof FileNotFoundException ? "no such file" : "cannot be read: " + e.getMessage();
    return refused(new BundleFinding(location, what, "check the path"));
  }

  private static BundleRefusedException refused(BundleFinding finding) {
    return new BundleRefusedException(List.of(finding));
  }

  // The framework's message ends with the name and the version.
  private BundleRefusedException duplicate(String location, BundleException e) {
    String message = String.valueOf(e.getMessage());
    String there =
        Arrays.stream(context.getBundles())
            .filter(each -> message.endsWith(each.getSymbolicName() + ":" + each.getVersion()))
            .findFirst()
            .map(each ->
                "bundle %s %s is there already, number %d; write `update %1$s URL`"
                    .formatted(each.getSymbolicName(), each.getVersion(), each.getBundleId()))
            .orElse(message + "; write `update BUNDLE URL`");
    return refused(
        new BundleFinding(location, there, "or give this one another Bundle-Version or name"));
  }

  /**
   * Updates a bundle, which stays as it was if the new jar is of no use.
   *
   * @param session the prompt
   * @param words the bundle, and where the new jar is
   * @throws BundleException if the framework does not take it
   */
  @Descriptor("update BUNDLE [URL]: replace a bundle by a newer jar")
  public void update(CommandSession session, @Descriptor("bundle, URL") String... words)
      throws BundleException {
    Words.require(words, 1, 2, UPDATE);
    Bundle bundle = StartCommand.find(context, words[0]);
    String location = words.length > 1 ? location(words[1]) : bundle.getLocation();
    inspect(location);
    try (InputStream in = open(location)) {
      bundle.update(in);
    } catch (IOException e) {
      throw unreadable(location, e);
    } catch (BundleException e) {
      List<BundleFinding> findings = bundles.diagnose(bundle);
      if (findings.isEmpty()) {
        throw e;
      }
      throw new BundleRefusedException(findings);
    }
    if (bundles.isStranger(bundle)) {
      bundles.diagnose(bundle).forEach(finding -> session.getConsole().println(finding.text()));
    }
  }
}
