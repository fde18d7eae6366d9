package launcher;

import java.io.IOException;
import java.nio.file.Path;
import org.osgi.framework.BundleException;

/** The process: one framework, one command line, one exit status. */
public final class Main {
  private Main() {}

  /**
   * Boots the distribution that this class was loaded from and runs a command line in it; ends the
   * process with the command's status, or with {@link Status#BROKEN} if the framework does not come
   * up.
   */
  public static void main(String[] args) {
    prepareProcess();
    System.exit(run(args));
  }

  private static int run(String[] args) {
    try {
      Distribution distribution = Distribution.locate();
      RunDirectory directory = RunDirectory.open(temporary());
      var house = new House(distribution, directory, watches(args));
      Runtime.getRuntime().addShutdownHook(new Thread(house::close, "quarry-close"));
      return house.run(args);
    } catch (StartException e) {
      System.err.println("quarry: " + e.getMessage());
      return Status.BROKEN;
    } catch (IOException | BundleException e) {
      System.err.println("quarry: the framework did not start: " + e);
      return Status.BROKEN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Status.INTERRUPTED;
    }
  }

  /** {@return whether bundles may come by themselves: what is verified is to stand alone} */
  private static boolean watches(String[] args) {
    return args.length == 0 || !args[0].equals("verify");
  }

  /**
   * Settings of the process that must stand before the first bundle is loaded.
   *
   * <p>jline finds its terminal providers through the context class loader and asks its own
   * bundle's loader only when there is none. The logging bundle reads its level from the system
   * properties alone, its default is DEBUG, and it writes to the standard output, where results go.
   * Without a terminal jline would warn on each start.
   */
  @SuppressWarnings("SystemConsoleNull") // 25 answers null again if the streams are redirected
  private static void prepareProcess() {
    Thread.currentThread().setContextClassLoader(null);
    setDefault("org.ops4j.pax.logging.DefaultServiceLog.level", "WARN");
    // Stack traces of bundles that are of no use, whose authors are told in a line what is wrong.
    setDefault("ds.loglevel", "0");
    setDefault("org.ops4j.pax.logging.service.frameworkEventsLogLevel", "DISABLED");
    var console = System.console();
    if (console == null || !console.isTerminal()) {
      setDefault("org.jline.terminal.dumb", "true");
    }
  }

  private static void setDefault(String name, String value) {
    if (System.getProperty(name) == null) {
      System.setProperty(name, value);
    }
  }

  private static Path temporary() {
    String chosen = System.getProperty(Settings.TEMPORARY, System.getenv("QUARRY_TMP"));
    return chosen == null || chosen.isEmpty()
        ? RunDirectory.usualBase()
        : Path.of(chosen).toAbsolutePath();
  }
}
