package launcher;

import java.util.Map;

/**
 * Names that the launcher and the bundles agree on.
 *
 * <p>{@link #HOME}, {@link #CWD}, {@link #RUN} and {@link #DEPLOY} are framework properties: a
 * bundle reads them from its context. {@link #TEMPORARY} and {@link #DEPLOY} are taken from the
 * system properties of the process.
 */
final class Settings {
  /** Directory of the distribution. */
  static final String HOME = "quarry.home";

  /** Directory in which the user called the program; relative paths of commands start there. */
  static final String CWD = "quarry.cwd";

  /** Directory of this one run, private and removed at its end. */
  static final String RUN = "quarry.run";

  /** Directories, comma separated, that are watched for bundles and configurations. */
  static final String DEPLOY = "quarry.deploy";

  /** The environment variable with further directories to watch, apart by commas. */
  static final String MORE_DEPLOY = "QUARRY_DEPLOY";

  /** Directory below which run directories are made. */
  static final String TEMPORARY = "quarry.tmp";

  /** Filter of the service that runs the command line: a {@code ToIntFunction<String[]>}. */
  static final String MAIN_FILTER = "(quarry.main=true)";

  /** Start level at which the command line runs: infrastructure 1, configuration 3, ours 5. */
  static final int COMMAND_LEVEL = 5;

  /** Start level at which the prompt stands. */
  static final int PROMPT_LEVEL = 9;

  /** Framework properties that do not depend on where we are. */
  static final Map<String, String> FRAMEWORK =
      Map.of(
          "org.osgi.framework.storage.clean", "onFirstInit",
          "org.osgi.framework.startlevel.beginning", Integer.toString(COMMAND_LEVEL),
          // Bundles that a user installs belong to the level of ours.
          "felix.startlevel.bundle", Integer.toString(COMMAND_LEVEL),
          // What goes wrong at start is told by FailureLog, and later by the logging bundle.
          "felix.log.level", "0",
          "felix.fileinstall.noInitialDelay", "true",
          "felix.fileinstall.poll", "500",
          "felix.fileinstall.enableConfigSave", "false",
          "felix.fileinstall.start.level", Integer.toString(COMMAND_LEVEL),
          "felix.fileinstall.log.level", "2");

  private Settings() {}
}
