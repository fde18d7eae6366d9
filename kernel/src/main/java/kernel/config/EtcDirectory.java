package kernel.config;

import allocator.api.BadSettingException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Reads {@code etc/NAME.cfg} of the distribution into Configuration Admin at start, a configuration
 * per file, in the format of Java properties.
 */
@Component(service = EtcDirectory.class, immediate = true)
public final class EtcDirectory {
  private static final String SUFFIX = ".cfg";

  private final @Nullable BadSettingException failure;

  /**
   * Made by Declarative Services; reads the directory named by the framework property {@code
   * quarry.home}, if there is one.
   *
   * @param context this bundle's context
   * @param admin receives the configurations
   */
  @Activate
  public EtcDirectory(BundleContext context, @Reference ConfigurationAdmin admin) {
    String home = context.getProperty("quarry.home");
    Path etc = home == null ? null : Path.of(home, "etc");
    this.failure = etc == null || !Files.isDirectory(etc) ? null : read(etc, admin);
  }

  /**
   * Checks that every file could be read. A component must not fail for the sake of a damaged file,
   * or nobody would be left to say so; what boots asks here first.
   *
   * @throws BadSettingException naming the file that could not be read
   */
  public void requireRead() {
    if (failure != null) {
      throw failure;
    }
  }

  private static @Nullable BadSettingException read(Path etc, ConfigurationAdmin admin) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(etc, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        load(file, name.substring(0, name.length() - SUFFIX.length()), admin);
      }
      return null;
    } catch (IOException e) {
      return new BadSettingException(etc + " cannot be read: " + e.getMessage());
    } catch (BadSettingException e) {
      return e;
    }
  }

  private static void load(Path file, String pid, ConfigurationAdmin admin) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IllegalArgumentException e) {
      throw new BadSettingException(file + " is no properties file: " + e.getMessage());
    }
    Map<String, Object> values = new HashMap<>();
    properties.forEach((key, value) -> values.put(key.toString(), value.toString().strip()));
    admin.getConfiguration(pid, "?").updateIfDifferent(FrameworkUtil.asDictionary(values));
  }
}
