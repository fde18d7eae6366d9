package itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import allocator.api.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import javax.inject.Inject;
import kernel.api.BootException;
import kernel.api.BootedSystem;
import kernel.api.BundleFinding;
import kernel.api.BundleRefusedException;
import kernel.api.Bundles;
import kernel.api.SwapRequest;
import org.junit.After;
import org.junit.Test;
import org.osgi.framework.Bundle;

/** What the author of a bundle is told when it does not serve. */
public class WrongTurnsIT extends UnderLoad {
  private static final String NAME = "my.heap";

  @Inject private Bundles bundles;

  /** Leaves the framework as it was. */
  @After
  public void uninstall() throws Exception {
    for (Bundle bundle : context().getBundles()) {
      if (String.valueOf(bundle.getSymbolicName()).startsWith(NAME)) {
        bundle.uninstall();
      }
    }
  }

  /** {@return a copy of a provider's jar with other headers and another component description} */
  private static Path jar(Map<String, String> headers, UnaryOperator<String> description)
      throws IOException {
    Path made = Files.createTempFile("made", ".jar");
    Map<String, String> all = new HashMap<>(headers);
    all.putIfAbsent("Bundle-SymbolicName", NAME);
    all.putIfAbsent("Bundle-Version", "1.0.0");
    JarCopy.write(Distribution.bundle("heap.slab"), made, all, description, Map.of());
    return made;
  }

  private static Path good() throws IOException {
    return jar(Map.of(), UnaryOperator.identity());
  }

  private String refusal(Path jar) {
    List<Path> jars = List.of(jar);
    BundleRefusedException refused =
        assertThrows(BundleRefusedException.class, () -> bundles.install(jars));
    assertEquals("left installed", 0, mine().size());
    return String.valueOf(refused.getMessage());
  }

  private List<Bundle> mine() {
    return Arrays.stream(context().getBundles())
        .filter(bundle -> NAME.equals(bundle.getSymbolicName()))
        .toList();
  }

  private static void assertSays(String text, String... parts) {
    for (String part : parts) {
      assertTrue(part + " is not said in: " + text, text.contains(part));
    }
  }

  @Test
  public void shouldInstallABundleThatServes() throws Exception {
    List<Bundle> installed = bundles.install(List.of(good()));
    assertEquals(Bundle.ACTIVE, installed.getFirst().getState());
    assertEquals(List.of(), bundles.diagnose(installed.getFirst()));
    try (BootedSystem system = boot()) {
      done(system.swap(SwapRequest.of(Tier.HEAP, NAME)));
      assertEquals(NAME, status(system, Tier.HEAP).bundle());
    }
  }

  @Test
  public void shouldSayThatAnnotationIsMissing() throws Exception {
    String text = refusal(jar(Map.of("Service-Component", ""), UnaryOperator.identity()));
    assertSays(
        text,
        "bundle my.heap 1.0.0: class heap.slab.SlabProvider implements heap.api.HeapProvider",
        "annotate it with @Component(service = HeapProvider.class");
  }

  @Test
  public void shouldSayThatTheNameIsMissing() throws Exception {
    assertSays(
        refusal(jar(Map.of(), xml -> xml.replace("quarry.provider", "some.thing"))),
        "heap.slab.SlabProvider has no name",
        "property = AllocatorProvider.NAME + \"=NAME\"");
  }

  @Test
  public void shouldSayThatTheServiceIsOfAnotherTier() throws Exception {
    assertSays(
        refusal(
            jar(
                Map.of(),
                xml -> xml.replace("heap.api.HeapProvider", "physmem.api.FrameProvider"))),
        "is registered as physmem.api.FrameProvider, but its class implements"
            + " heap.api.HeapProvider",
        "@Component(service = HeapProvider.class");
  }

  @Test
  public void shouldSayThatTheServiceIsNoProvider() throws Exception {
    assertSays(
        refusal(jar(Map.of(), xml -> xml.replace("heap.api.HeapProvider", "java.lang.Object"))),
        "is registered as java.lang.Object only",
        "@Component(service = HeapProvider.class");
  }

  @Test
  public void shouldSayWhichVersionOfTheApiIsWantedAndWhichIsThere() throws Exception {
    String imports = "allocator.api,hardware.api,heap.api;version=\"[2.0,3)\",vmem.api";
    assertSays(
        refusal(jar(Map.of("Import-Package", imports), UnaryOperator.identity())),
        "imports heap.api [2.0,3.0), and this Quarry has 1.",
        "rebuild it against the heap.api of this one");
  }

  @Test
  public void shouldSayWhatToDoAboutALibrary() throws Exception {
    assertSays(
        refusal(jar(Map.of("Import-Package", "org.gone"), UnaryOperator.identity())),
        "imports package org.gone, which no bundle here exports",
        "-includeresource");
  }

  @Test
  public void shouldSayWhichJavaIsNeeded() throws Exception {
    String java = "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=99))\"";
    assertSays(
        refusal(jar(Map.of("Require-Capability", java), UnaryOperator.identity())),
        "needs Java 99, and this is Java " + Runtime.version().feature(),
        "--release");
  }

  @Test
  public void shouldSayThatAFileIsNoBundle() throws Exception {
    Path garbage = Files.createTempFile("made", ".jar");
    Files.writeString(garbage, "this is no jar");
    assertSays(refusal(garbage), garbage.toString(), "is no jar");
    assertSays(refusal(Path.of("no-such.jar")), "no such file");
  }

  @Test
  public void shouldNotReplaceAPartOfQuarry() throws Exception {
    assertSays(
        refusal(jar(Map.of("Bundle-SymbolicName", "kernel"), UnaryOperator.identity())),
        "has the symbolic name of bundle kernel",
        "another Bundle-SymbolicName");
  }

  @Test
  public void shouldSayOfWhichTierAProviderIsAndWhyOneIsNotOffered() throws Exception {
    try (BootedSystem system = boot()) {
      SwapRequest wrong = SwapRequest.of(Tier.HEAP, "buddy");
      assertSays(
          String.valueOf(assertThrows(BootException.class, () -> system.swap(wrong)).getMessage()),
          "no heap provider is named buddy; present are ",
          "buddy is a provider of physmem: write `swap physmem buddy`");
      Path jar = jar(Map.of("Import-Package", "org.gone"), UnaryOperator.identity());
      context().installBundle(jar.toUri().toString());
      SwapRequest absent = SwapRequest.of(Tier.HEAP, "my-heap");
      assertSays(
          String.valueOf(assertThrows(BootException.class, () -> system.swap(absent)).getMessage()),
          "no heap provider is named my-heap",
          "bundle my.heap 1.0.0: imports package org.gone");
      assertTrue(
          bundles.diagnose().stream()
              .map(BundleFinding::where)
              .anyMatch(("bundle " + NAME + " 1.0.0")::equals));
    }
  }

  private void drop(Path jar) throws IOException {
    Files.move(jar, dropped(), StandardCopyOption.REPLACE_EXISTING);
  }

  private Path dropped() {
    return Path.of(Objects.requireNonNull(context().getProperty("felix.fileinstall.dir")))
        .resolve(DROPPED);
  }

  private static String bundle(BootedSystem system) {
    return status(system, Tier.HEAP).bundle();
  }

  // That nothing is wrong with a bundle does not say that its component has come already.
  private boolean isOffered() {
    return kernel().providers(Tier.HEAP).stream().anyMatch(each -> each.bundle().equals(NAME));
  }

  @Test
  public void shouldHaveAGoodJarServeAgainAfterABrokenOne() throws Exception {
    try (BootedSystem system = boot()) {
      drop(good());
      await("my heap", this::isOffered);
      done(system.swap(SwapRequest.of(Tier.HEAP, NAME)));
      Path garbage = Files.createTempFile("made", ".jar");
      Files.writeString(garbage, "this is no jar");
      drop(garbage);
      await("another heap to serve", () -> !bundle(system).equals(NAME));
      drop(good());
      await("my heap to serve again", () -> bundle(system).equals(NAME));
      good(system);
    } finally {
      Files.deleteIfExists(dropped());
      await("my heap to go", () -> mine().isEmpty());
    }
  }
}
