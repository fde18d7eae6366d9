package launcher;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The unpacked distribution: {@code bin}, {@code lib}, {@code bundles/LEVEL}, {@code etc}, {@code
 * deploy} and {@code samples} below one directory. It is only read.
 *
 * @param home absolute path of that directory
 */
record Distribution(Path home) {
  /**
   * Finds the distribution that the launcher's own jar lies in, unless the system property {@link
   * Settings#HOME} names another.
   *
   * @throws StartException if there are no bundles where they should be
   */
  static Distribution locate() throws IOException, StartException {
    String chosen = System.getProperty(Settings.HOME);
    Path home = chosen == null ? besideOwnJar() : Path.of(chosen);
    if (!Files.isDirectory(home.resolve("bundles"))) {
      throw new StartException("no distribution at " + home + ": it has no folder 'bundles'");
    }
    return new Distribution(home.toRealPath());
  }

  private static Path besideOwnJar() throws StartException {
    try {
      var jar = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return jar.resolveSibling("..").normalize();
    } catch (URISyntaxException e) {
      throw new StartException("cannot tell where the launcher's jar is: " + e.getMessage());
    }
  }

  /** {@return the bundle files by start level, both in ascending order} */
  SortedMap<Integer, List<Path>> bundles() throws IOException {
    var bundles = new TreeMap<Integer, List<Path>>();
    for (Path level : children(home.resolve("bundles"))) {
      var jars = children(level).stream().filter(path -> path.toString().endsWith(".jar")).toList();
      bundles.put(Integer.valueOf(level.getFileName().toString()), jars);
    }
    return bundles;
  }

  /** {@return the folder that users drop bundles into} */
  Path deploy() {
    return home.resolve("deploy");
  }

  private static List<Path> children(Path directory) throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.sorted().toList();
    }
  }
}
