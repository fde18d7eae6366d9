import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Checks or applies google-java-format to every Java source below a directory, build output aside.
 *
 * <p>Started from source on the tool chain's JDK, since the formatter needs a newer Java than the
 * one that Maven may run on.
 */
final class Format {
  private final boolean apply;

  private Format(boolean apply) {
    this.apply = apply;
  }

  /** Arguments: {@code check} or {@code apply}, then the directory. */
  public static void main(String[] args) throws IOException {
    var format = new Format(args[0].equals("apply"));
    List<Path> wrong = sources(Path.of(args[1])).parallelStream().filter(format::differs).toList();
    if (!wrong.isEmpty() && !format.apply) {
      wrong.forEach(path -> System.err.println("not formatted: " + path));
      System.err.println(wrong.size() + " file(s); run: mvn -q -N validate exec:exec@format");
      System.exit(1);
    }
  }

  private static List<Path> sources(Path root) throws IOException {
    try (var paths = Files.walk(root)) {
      return paths.filter(path -> isSource(root.relativize(path).toString())).toList();
    }
  }

  private static boolean isSource(String path) {
    return path.endsWith(".java")
        && !path.contains("target/")
        && !path.contains("archetype-resources/");
  }

  private boolean differs(Path path) {
    try {
      String before = Files.readString(path);
      String after = new Formatter().formatSourceAndFixImports(before);
      if (apply && !before.equals(after)) {
        Files.writeString(path, after);
      }
      return !before.equals(after);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (FormatterException e) {
      throw new IllegalStateException(path + " does not parse: " + e.getMessage(), e);
    }
  }
}
