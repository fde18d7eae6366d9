package launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.util.tracker.ServiceTracker;

/**
 * The framework with the bundles of a distribution in it, from its start to its end.
 *
 * <p>Bundles are installed by reference, so that nothing is copied, and started by level: the
 * command line runs when ours are up, and the prompt is raised only if the shell asks for it.
 */
final class House implements AutoCloseable {
  /** A component that is satisfied comes with its bundle; the rest is for configurations. */
  private static final long SHELL_MILLIS = 5_000;

  /** Bundles stop in well under a second; after this time we stop waiting and say so. */
  private static final long STOP_MILLIS = 10_000;

  private final Distribution distribution;
  private final RunDirectory directory;
  private final FailureLog failures = new FailureLog();
  private final Framework framework;
  private final Exit exit;

  /**
   * Makes a framework that is not started.
   *
   * @param distribution what it is to run
   * @param directory where it may write
   * @param watches whether bundles that are put into {@code deploy/} are installed
   */
  House(Distribution distribution, RunDirectory directory, boolean watches) throws IOException {
    this.distribution = distribution;
    this.directory = directory;
    this.framework =
        ServiceLoader.load(FrameworkFactory.class, House.class.getClassLoader())
            .findFirst()
            .orElseThrow()
            .newFramework(configuration(watches));
    this.exit = new Exit(framework);
  }

  /**
   * Starts the framework and runs a command line in it.
   *
   * @return the exit status: the command's, or after a prompt what {@code exit} was given
   * @throws StartException if the shell's main service does not come
   */
  int run(String[] args) throws IOException, BundleException, InterruptedException, StartException {
    framework.init();
    BundleContext context = framework.getBundleContext();
    context.addFrameworkListener(failures);
    context.registerService(Exit.class, exit, commandProperties());
    for (Bundle bundle : install(context)) {
      bundle.start();
    }
    framework.start();
    ToIntFunction<String[]> shell = shell(context);
    failures.lines().forEach(line -> System.err.println("quarry: " + line));
    int status = shell.applyAsInt(args);
    return status == Status.PROMPT ? prompt() : status;
  }

  private static Dictionary<String, Object> commandProperties() {
    return FrameworkUtil.asDictionary(
        Map.of("osgi.command.scope", "quarry", "osgi.command.function", new String[] {"exit"}));
  }

  private int prompt() throws InterruptedException {
    framework.adapt(FrameworkStartLevel.class).setStartLevel(Settings.PROMPT_LEVEL);
    framework.waitForStop(0);
    return exit.status();
  }

  private ToIntFunction<String[]> shell(BundleContext context)
      throws StartException, InterruptedException {
    long patience = failures.lines().isEmpty() ? SHELL_MILLIS : 1;
    try {
      var tracker =
          new ServiceTracker<ToIntFunction<String[]>, ToIntFunction<String[]>>(
              context,
              context.createFilter(
                  "(&(objectClass=java.util.function.ToIntFunction)" + Settings.MAIN_FILTER + ")"),
              null);
      tracker.open();
      @Nullable ToIntFunction<String[]> shell = tracker.waitForService(patience);
      if (shell == null) {
        throw new StartException(absence(context));
      }
      return shell;
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Says what is wrong with the bundles and components, given that the shell is not there. */
  private String absence(BundleContext context) {
    var lines = new ArrayList<String>();
    lines.add("the shell did not come up: no service with " + Settings.MAIN_FILTER);
    lines.addAll(failures.lines());
    lines.addAll(Components.waiting(context));
    return String.join(System.lineSeparator() + "  ", lines);
  }

  private List<Bundle> install(BundleContext context) throws IOException, BundleException {
    var startable = new ArrayList<Bundle>();
    for (var level : distribution.bundles().entrySet()) {
      for (Path jar : level.getValue()) {
        Bundle bundle = context.installBundle(reference(jar));
        bundle.adapt(BundleStartLevel.class).setStartLevel(level.getKey());
        if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
          startable.add(bundle);
        }
      }
    }
    return startable;
  }

  /** The framework decodes the location as a form does, to which a plus sign is a space. */
  private static String reference(Path jar) {
    return "reference:" + jar.toUri().toString().replace("+", "%2B");
  }

  private Map<String, String> configuration(boolean watches) throws IOException {
    var configuration = new HashMap<>(Settings.FRAMEWORK);
    configuration.put(Settings.HOME, distribution.home().toString());
    configuration.put(Settings.CWD, Path.of("").toAbsolutePath().toString());
    configuration.put(Settings.RUN, directory.path().toString());
    configuration.put("org.osgi.framework.storage", directory.path().resolve("felix").toString());
    configuration.put("gosh.home", distribution.home().toString());
    String deploy = watches ? deploy() : nothing();
    configuration.put(Settings.DEPLOY, deploy);
    configuration.put("felix.fileinstall.dir", deploy);
    configuration.put(
        "felix.fileinstall.tmpdir", directory.path().resolve("fileinstall").toString());
    return configuration;
  }

  private String nothing() throws IOException {
    return Files.createDirectories(directory.path().resolve("nothing")).toString();
  }

  /** A distribution that cannot be written to is watched all the same, beside a place that can. */
  private String deploy() throws IOException {
    String chosen = System.getProperty(Settings.DEPLOY);
    if (chosen != null) {
      return chosen;
    }
    String more = System.getenv(Settings.MORE_DEPLOY);
    return more == null || more.isBlank() ? ownDeploy() : ownDeploy() + "," + more;
  }

  private String ownDeploy() throws IOException {
    Path shipped = distribution.deploy();
    if (Files.isWritable(shipped)) {
      return shipped.toString();
    }
    Path own = Files.createDirectories(directory.path().resolve("deploy"));
    return Files.isDirectory(shipped) ? shipped + "," + own : own.toString();
  }

  /** Stops the framework and removes the run directory; called once, as the process ends. */
  @Override
  public void close() {
    try {
      framework.stop();
      framework.waitForStop(STOP_MILLIS);
      directory.close();
    } catch (BundleException | IOException e) {
      System.err.println("quarry: not all was put away: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
