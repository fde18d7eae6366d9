package itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import itest.faulty.Twist;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code quarry verify}, run as its users run it, on the shipped bundles and on faulty ones. */
final class VerifyIT {
  private static final int FAILED = 1;
  private static final String EFFORT = "0.2";
  private static final long MINUTES = 8; // the goal is below two, on a machine that is quiet

  @TempDir private Path directory;

  /** What a run of the command came to. */
  private record Run(int status, String output) {}

  private Run verify(Path jar, String... more) throws IOException, InterruptedException {
    Path output = directory.resolve("output.txt");
    List<String> command =
        Stream.concat(
                Stream.of(
                    Distribution.home().resolve("bin/quarry").toString(),
                    "verify",
                    "--effort",
                    EFFORT),
                Stream.concat(Stream.of(more), Stream.of(jar.toString())))
            .toList();
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("QUARRY_JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
    process.destroyForcibly();
    String text = Files.readString(output);
    assertTrue(ended, () -> "not ended after " + MINUTES + " minutes:\n" + text);
    return new Run(process.exitValue(), text);
  }

  // One of each tier: the others are held to the kits outside of Felix, in each module's tests.
  @ParameterizedTest
  @ValueSource(strings = {"physmem.llfree", "vmem.bump", "heap.zone"})
  void shouldPassWhatIsShipped(String bundle) throws Exception {
    Run run = verify(Distribution.bundle(bundle), "--seed", "5");
    assertEquals(0, run.status(), run.output());
    assertTrue(run.output().contains(", 0 FAILED"), run.output());
    assertTrue(run.output().contains("system.uninstall       passed"), run.output());
  }

  @ParameterizedTest
  @CsvSource({
    "heap.dl, heap.dl.DlProvider, FaultyHeap, twice, heap.3",
    "heap.slab, heap.slab.SlabProvider, FaultyHeap, small, heap.6",
    "heap.dl, heap.dl.DlProvider, FaultyHeap, tolerant, heap.17",
    "heap.zone, heap.zone.ZoneProvider, FaultyHeap, silent, allocator.5",
    "heap.dl, heap.dl.DlProvider, FaultyHeap, thread, system.uninstall",
    "physmem.bitmap, physmem.bitmap.BitmapProvider, FaultyFrames, shifted, physmem.5",
    "physmem.buddy, physmem.buddy.BuddyProvider, FaultyFrames, zone, physmem.6",
    "physmem.bitmap, physmem.bitmap.BitmapProvider, FaultyFrames, lost, physmem.16",
    "vmem.tree, vmem.tree.TreeProvider, FaultyRanges, careless, vmem.12",
    "vmem.arena, vmem.arena.ArenaProvider, FaultyRanges, tolerant, vmem.16",
    "vmem.tree, vmem.tree.TreeProvider, FaultyRanges, halved, vmem.19",
  })
  void shouldCatchAFaultyBundle(
      String bundle, String provider, String face, String fault, String clause) throws Exception {
    Run run = verify(faulty(bundle, provider, face, fault));
    assertEquals(FAILED, run.status(), run.output());
    boolean said =
        clause.startsWith("system.")
            ? run.output().lines().anyMatch(line -> line.matches(" *" + clause + " +FAILED.*"))
            : run.output().contains("clause " + clause + ",");
    assertTrue(said, () -> clause + " is not said to be broken:\n" + run.output());
  }

  /** {@return a copy of a shipped bundle whose component is a face with a fault} */
  private Path faulty(String bundle, String provider, String face, String fault)
      throws IOException, URISyntaxException {
    Path made = directory.resolve("faulty.jar");
    Map<String, byte[]> more = faces();
    more.put(Twist.RESOURCE, properties(provider, fault));
    JarCopy.write(
        Distribution.bundle(bundle),
        made,
        Map.of("Bundle-SymbolicName", "my.faulty", "Bundle-Version", "1.0.0"),
        component -> renamed(component, provider, "itest.faulty." + face),
        more);
    return made;
  }

  private static byte[] properties(String provider, String fault) throws IOException {
    Properties properties = new Properties();
    properties.setProperty(Twist.PROVIDER, provider);
    properties.setProperty(Twist.FAULT, fault);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    properties.store(bytes, null);
    return bytes.toByteArray();
  }

  private static String renamed(String component, String provider, String face) {
    return component
        .replace(
            "implementation class=\"" + provider + "\"", "implementation class=\"" + face + "\"")
        .replaceAll("(name=\"quarry.provider\".*value=)\"[^\"]*\"", "$1\"my-faulty\"");
  }

  private static Map<String, byte[]> faces() throws IOException, URISyntaxException {
    Path classes = Path.of(Twist.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Map<String, byte[]> faces = new HashMap<>();
    try (Stream<Path> files = Files.walk(classes.resolve("itest/faulty"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        faces.put(classes.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return faces;
  }
}
