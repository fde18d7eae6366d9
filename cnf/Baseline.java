import aQute.bnd.differ.Baseline.Info;
import aQute.bnd.differ.DiffPluginImpl;
import aQute.bnd.osgi.Instructions;
import aQute.bnd.osgi.Jar;
import aQute.bnd.osgi.Processor;
import aQute.bnd.service.diff.Delta;
import aQute.bnd.service.diff.Diff;
import aQute.bnd.service.diff.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Compares the exported packages of an API bundle with those of its last release, the jar of its
 * name in {@code cnf/baseline}, by the rules of semantic versioning that bnd knows.
 *
 * <p>Arguments: {@code check}, the directory of the baseline, the module's name, its jar; or {@code
 * record}, the directory of the baseline, the root: copies the jars of all modules that have a
 * baseline, as they are built.
 */
final class Baseline {
  private final Path directory;

  private Baseline(String directory) {
    this.directory = Path.of(directory).normalize();
  }

  public static void main(String[] args) throws Exception {
    Baseline baseline = new Baseline(args[1]);
    if (args[0].equals("record")) {
      baseline.record(Path.of(args[2]));
    } else {
      List<String> faults = baseline.check(args[2], Path.of(args[3]));
      faults.forEach(System.err::println);
      System.exit(faults.isEmpty() ? 0 : 1);
    }
  }

  private List<String> check(String module, Path built) throws Exception {
    Path released = directory.resolve(module + ".jar");
    if (Files.notExists(released)) {
      return List.of("%s has no baseline: copy its jar to %s once".formatted(module, released));
    }
    List<String> faults = new ArrayList<>();
    try (Processor bnd = new Processor();
        Jar newer = new Jar(built.toFile());
        Jar older = new Jar(released.toFile())) {
      var differ = new aQute.bnd.differ.Baseline(bnd, new DiffPluginImpl());
      Set<Info> packages = differ.baseline(newer, older, new Instructions());
      packages.forEach(each -> addFault(faults, module, each));
      bnd.getErrors().forEach(error -> faults.add(module + ": " + error));
    }
    return faults;
  }

  private static void addFault(List<String> faults, String module, Info info) {
    Delta delta = info.packageDiff.getDelta();
    String where = module + ": package " + info.packageName;
    if (delta == Delta.REMOVED) {
      faults.add(where + " was removed or is exported no more; whoever uses it breaks");
    } else if (info.mismatch) {
      faults.add(
          "%s has version %s and needs %s, a %s change from %s: set @Version in its package-info.java"
              .formatted(
                  where,
                  info.newerVersion,
                  info.suggestedVersion,
                  delta.name().toLowerCase(java.util.Locale.ROOT),
                  info.olderVersion));
      addChanges(faults, info.packageDiff, "  ");
    }
  }

  /** Lists what has changed, down to what is the cause. */
  private static void addChanges(List<String> faults, Diff diff, String indent) {
    for (Diff child : diff.getChildren()) {
      boolean same = child.getDelta() == Delta.UNCHANGED || child.getDelta() == Delta.IGNORED;
      boolean version = child.getType() == Type.VERSION || child.getName().endsWith(".Version");
      if (!same && !version) {
        faults.add(
            "%s%s %s %s".formatted(indent, child.getDelta(), child.getType(), child.getName()));
        if (child.getDelta() != Delta.ADDED && child.getDelta() != Delta.REMOVED) {
          addChanges(faults, child, indent + "  ");
        }
      }
    }
  }

  private void record(Path root) throws IOException {
    try (var modules = Files.newDirectoryStream(directory, "*.jar")) {
      for (Path released : modules) {
        String module = released.getFileName().toString().replaceFirst("\\.jar$", "");
        record(root.resolve(module).resolve("target"), module, released);
      }
    }
  }

  private static void record(Path target, String module, Path released) throws IOException {
    try (var jars = Files.newDirectoryStream(target, module + "-[0-9]*.jar")) {
      for (Path jar : jars) {
        if (!jar.toString().endsWith("-sources.jar") && !jar.toString().endsWith("-javadoc.jar")) {
          Files.copy(jar, released, StandardCopyOption.REPLACE_EXISTING);
          System.out.println(released + " is " + jar.getFileName() + " now");
        }
      }
    }
  }
}
