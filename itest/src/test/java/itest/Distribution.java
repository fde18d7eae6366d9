package itest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The exploded distribution that the launcher's build made: what users start is what is tested. */
final class Distribution {
  private Distribution() {}

  /** {@return its directory, given by the build as the system property {@code quarry.home}} */
  static Path home() {
    String home = System.getProperty("quarry.home");
    if (home == null) {
      throw new IllegalStateException(
          "run through Maven: the system property quarry.home is unset");
    }
    return Path.of(home).normalize();
  }

  /** {@return the bundle files of one start level, in the launcher's order} */
  static List<Path> bundles(int level) {
    try (Stream<Path> files = Files.list(home().resolve("bundles/" + level))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return the bundle file of a provider, which stands with the commands} */
  static Path bundle(String name) {
    return bundles(InFelix.COMMAND_LEVEL).stream()
        .filter(
            jar -> jar.getFileName().toString().matches(Pattern.quote(name) + "(-[0-9].*)?\\.jar"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no jar of " + name));
  }
}
