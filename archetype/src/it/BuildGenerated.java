import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Builds the projects that the archetype's test has generated as their authors would, offline:
 * {@code mvn -o verify}, all three and the example of an outsider's heap in one Maven.
 *
 * <p>Then their classes are compiled once more, against the API's last release, and tested with the
 * API of now: a minor change breaks no bundle that is there.
 *
 * <p>They need our modules in a local repository, where nothing is before {@code install}. So they
 * get one that consists of links to the real one, and of our modules as just built.
 *
 * <p>Arguments: the archetype's directory, the local repository, Maven's home, our version.
 */
final class BuildGenerated {
  private static final List<String> TIERS = List.of("physmem", "vmem", "heap");
  private static final List<String> MODULES =
      List.of(
          "allocator.api",
          "hardware.api",
          "physmem.api",
          "vmem.api",
          "heap.api",
          "trace",
          "tck",
          "tck.junit");

  private static final String EXAMPLE = "heap.tlsf";
  private static final String LITTLE = "-Dquarry.tck.effort=0.3"; // the contract is tried elsewhere

  private final Path archetype;
  private final Path local;
  private final Path maven;
  private final String version;
  private final Path work;

  private BuildGenerated(String[] args) {
    this.archetype = Path.of(args[0]);
    this.local = Path.of(args[1]);
    this.maven = Path.of(args[2]);
    this.version = args[3];
    this.work = archetype.resolve("target/generated");
  }

  /** Exits with Maven's status. */
  public static void main(String[] args) throws IOException, InterruptedException {
    System.exit(new BuildGenerated(args).run());
  }

  private int run() throws IOException, InterruptedException {
    clear(work);
    Path repository = work.resolve("repository");
    link(repository);
    install(repository, "quarry", archetype.getParent());
    for (String module : MODULES) {
      install(repository, module, archetype.resolveSibling(module));
    }
    for (String tier : TIERS) {
      move(tier);
    }
    copy(archetype.resolveSibling("examples").resolve(EXAMPLE), work.resolve(EXAMPLE));
    Files.writeString(work.resolve("pom.xml"), aggregator());
    int status = maven(repository, "verify", LITTLE);
    if (status == 0) {
      for (String tier : TIERS) {
        compileAgainstBaseline(work.resolve("my-" + tier));
      }
      status = maven(repository, "verify", LITTLE, "-Dmaven.main.skip", "-pl", "!" + EXAMPLE);
    }
    return status;
  }

  private int maven(Path repository, String... goals) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(maven.resolve("bin/mvn").toString());
    command.addAll(List.of("-B", "-o", "-q", "-Dmaven.repo.local=" + repository));
    command.addAll(List.of(goals));
    ProcessBuilder process = new ProcessBuilder(command).directory(work.toFile()).inheritIO();
    process.environment().put("MAVEN_OPTS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1");
    return process.start().waitFor();
  }

  /** Replaces a project's classes: whoever was built against the last release runs on this one. */
  private void compileAgainstBaseline(Path project) throws IOException {
    List<String> jars = new ArrayList<>();
    addFiles(jars, archetype.resolveSibling("cnf/baseline"), ".api.jar");
    addFiles(jars, local.resolve("org/osgi"), ".jar");
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-nowarn", "-proc:none", "-cp", String.join(":", jars)));
    arguments.addAll(List.of("-d", project.resolve("target/classes").toString()));
    addFiles(arguments, project.resolve("src/main/java"), ".java");
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    if (status != 0) {
      throw new IllegalStateException(project + " does not compile against cnf/baseline");
    }
  }

  private static void addFiles(List<String> to, Path directory, String end) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      paths.map(Path::toString).filter(path -> path.endsWith(end)).sorted().forEach(to::add);
    }
  }

  private static void clear(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> paths = Files.walk(directory)) { // follows no links
        paths.sorted((a, b) -> b.compareTo(a)).forEach(BuildGenerated::delete);
      }
    }
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void link(Path repository) throws IOException {
    Files.createDirectories(repository);
    try (Stream<Path> groups = Files.list(local)) {
      for (Path group : groups.filter(Files::isDirectory).toList()) {
        if (!group.endsWith("quarry")) {
          Files.createSymbolicLink(repository.resolve(group.getFileName()), group);
        }
      }
    }
  }

  private void install(Path repository, String name, Path module) throws IOException {
    Path to = Files.createDirectories(repository.resolve("quarry/" + name + "/" + version));
    Path jar = module.resolve("target/" + name + "-" + version + ".jar");
    Files.copy(module.resolve("pom.xml"), to.resolve(name + "-" + version + ".pom"));
    if (Files.exists(jar)) {
      Files.copy(jar, to.resolve(jar.getFileName()));
    }
  }

  private void move(String tier) throws IOException {
    Path from = archetype.resolve("target/test-classes/projects/" + tier + "/project/my-" + tier);
    Files.move(from, work.resolve("my-" + tier), StandardCopyOption.REPLACE_EXISTING);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        Path within = from.relativize(path);
        if (!within.startsWith("target")) {
          Path copy = to.resolve(within);
          Files.createDirectories(copy.getParent());
          Files.copy(path, copy);
        }
      }
    }
  }

  private static String aggregator() {
    StringBuilder modules = new StringBuilder("<module>%s</module>".formatted(EXAMPLE));
    TIERS.forEach(tier -> modules.append("<module>my-%s</module>".formatted(tier)));
    return """
    <project>
      <modelVersion>4.0.0</modelVersion>
      <groupId>org.example</groupId><artifactId>generated</artifactId><version>1</version>
      <packaging>pom</packaging>
      <modules>%s</modules>
    </project>
    """
        .formatted(modules);
  }
}
