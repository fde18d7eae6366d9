package itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import allocator.api.Tier;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import kernel.api.BootException;
import kernel.api.BootedSystem;
import kernel.api.ProviderInfo;
import kernel.api.SwapRequest;
import org.junit.After;
import org.junit.Test;
import org.osgi.framework.Bundle;
import workbench.load.Load;

/** Jars that are dropped into, replaced in, and removed from the watched directory under load. */
public class DeployIT extends UnderLoad {
  private static final String NEWER = "9.1.0";
  private static final String NEWEST = "9.2.0";

  private Path deploy() {
    return Path.of(Objects.requireNonNull(context().getProperty("felix.fileinstall.dir")));
  }

  /** Leaves the directory, and the framework, as they were. */
  @After
  public void removeWhatWasDropped() throws IOException {
    Files.deleteIfExists(deploy().resolve(DROPPED));
    Files.deleteIfExists(deploy().resolve(MARKER));
    await("what was dropped to go", () -> dropped().isEmpty());
  }

  private List<Bundle> dropped() {
    return Arrays.stream(context().getBundles())
        .filter(bundle -> bundle.getLocation().endsWith(DROPPED))
        .toList();
  }

  // A file that grows while it is looked at is another test's matter; here it appears at once.
  private void drop(Path made) throws IOException {
    drop(made, DROPPED);
  }

  private void drop(Path made, String name) throws IOException {
    Files.move(
        made,
        deploy().resolve(name),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.ATOMIC_MOVE);
  }

  private Path temporary() throws IOException {
    return Files.createTempFile(deploy().toAbsolutePath().getParent(), "made", ".tmp");
  }

  /** {@return a copy of a bundle of the distribution under another name and version} */
  private Path copy(String bundle, String name, String version, Predicate<String> entries)
      throws IOException {
    Path made = temporary();
    try (JarFile jar = new JarFile(Distribution.bundle(bundle).toFile())) {
      Manifest manifest = new Manifest(Objects.requireNonNull(jar.getManifest()));
      Attributes main = manifest.getMainAttributes();
      main.putValue("Bundle-SymbolicName", name);
      main.putValue("Bundle-Version", version);
      if (!entries.test("OSGI-INF/")) {
        main.remove(new Attributes.Name("Service-Component"));
        main.remove(new Attributes.Name("Provide-Capability"));
      }
      try (OutputStream file = Files.newOutputStream(made);
          JarOutputStream out = new JarOutputStream(file, manifest)) {
        copyEntries(jar, out, entries);
      }
    }
    return made;
  }

  private static void copyEntries(JarFile jar, JarOutputStream out, Predicate<String> entries)
      throws IOException {
    Enumeration<JarEntry> all = jar.entries();
    while (all.hasMoreElements()) {
      JarEntry entry = all.nextElement();
      if (!entry.getName().equals(JarFile.MANIFEST_NAME) && entries.test(entry.getName())) {
        out.putNextEntry(new JarEntry(entry.getName()));
        jar.getInputStream(entry).transferTo(out);
        out.closeEntry();
      }
    }
  }

  private Path copy(String bundle, String version) throws IOException {
    return copy(bundle, bundle, version, entry -> true);
  }

  // What is dropped later is there, so what was dropped earlier has been looked at.
  private void awaitAnotherLook() throws IOException {
    drop(withoutProvider(), MARKER);
    await(
        "the marker",
        () ->
            dropped().stream()
                .anyMatch(each ->
                    each.getState() == Bundle.ACTIVE && each.getLocation().endsWith(MARKER)));
  }

  private Path withoutProvider() throws IOException {
    return copy("heap.slab", "empty.handed", NEWER, entry -> !entry.startsWith("OSGI-INF/"));
  }

  private List<String> versions(String name) {
    return kernel().providers(Tier.HEAP).stream()
        .filter(info -> info.name().equals(name))
        .map(ProviderInfo::version)
        .toList();
  }

  private static String version(BootedSystem system) {
    return status(system, Tier.HEAP).version();
  }

  @Test
  public void shouldOfferAProviderThatIsDroppedAndReplaceItWhenItIsRemoved() throws Exception {
    try (BootedSystem system = boot();
        Load load = load(system)) {
      drop(copy("heap.slab", NEWER));
      await("the new slab", () -> versions("slab").contains(NEWER));
      done(system.swap(SwapRequest.of(Tier.HEAP, "slab@" + NEWER)));
      progress(load);
      Files.delete(deploy().resolve(DROPPED));
      await("another heap to serve", () -> !version(system).equals(NEWER));
      assertTrue(dropped().toString(), !versions("slab").contains(NEWER));
      finish(system, load);
      system.swaps().forEach(UnderLoad::done);
    }
  }

  @Test
  public void shouldPreferTheNewestOfTwoVersionsAndFindEachByItsVersion() throws Exception {
    try (BootedSystem system = boot();
        Load load = load(system)) {
      String shipped = provider(Tier.HEAP, "dl").version();
      drop(copy("heap.dl", NEWER));
      await("the new dl", () -> versions("dl").contains(NEWER));
      assertEquals(List.of(NEWER, shipped), versions("dl"));
      assertEquals("nobody has asked for it", shipped, version(system));
      done(system.swap(SwapRequest.of(Tier.HEAP, "dl")));
      assertEquals(NEWER, version(system));
      progress(load);
      done(system.swap(SwapRequest.of(Tier.HEAP, "dl@" + shipped)));
      assertEquals(shipped, version(system));
      done(system.swap(SwapRequest.of(Tier.HEAP, "heap.dl@" + NEWER)));
      SwapRequest unknown = SwapRequest.of(Tier.HEAP, "dl@" + NEWEST);
      assertThrows(BootException.class, () -> system.swap(unknown));
      finish(system, load);
    }
  }

  @Test
  public void shouldHaveAProviderServeAgainWhenItsJarIsReplaced() throws Exception {
    try (BootedSystem system = boot();
        Load load = load(system)) {
      drop(copy("heap.slab", NEWER));
      await("the new slab", () -> versions("slab").contains(NEWER));
      done(system.swap(SwapRequest.of(Tier.HEAP, "slab@" + NEWER)));
      progress(load);
      drop(copy("heap.slab", NEWEST));
      await("the newest slab to serve", () -> version(system).equals(NEWEST));
      assertTrue(versions("slab").toString(), !versions("slab").contains(NEWER));
      finish(system, load);
      system.swaps().forEach(UnderLoad::done);
    }
  }

  @Test
  public void shouldGoOnBesideABrokenJarAndTakeTheGoodOneThatReplacesIt() throws Exception {
    try (BootedSystem system = boot();
        Load load = load(system)) {
      Path garbage = temporary();
      Files.write(garbage, "this is no jar".getBytes(StandardCharsets.UTF_8));
      drop(garbage);
      awaitAnotherLook();
      progress(load);
      assertEquals("dl", serving(system, Tier.HEAP));
      drop(copy("heap.slab", NEWER));
      await("the good jar", () -> versions("slab").contains(NEWER));
      finish(system, load);
    }
  }

  @Test
  public void shouldKeepServingWhenTheJarOfTheServingProviderIsReplacedByABrokenOne()
      throws Exception {
    try (BootedSystem system = boot();
        Load load = load(system)) {
      drop(copy("heap.slab", NEWER));
      await("the new slab", () -> versions("slab").contains(NEWER));
      done(system.swap(SwapRequest.of(Tier.HEAP, "slab@" + NEWER)));
      // Cut off in the middle, as by a full disk.
      Path whole = copy("heap.slab", NEWEST);
      byte[] bytes = Files.readAllBytes(whole);
      Files.write(whole, Arrays.copyOf(bytes, bytes.length / 2));
      drop(whole);
      awaitAnotherLook();
      progress(load);
      good(system);
      drop(copy("heap.slab", NEWEST));
      await("the whole jar", () -> versions("slab").contains(NEWEST));
      finish(system, load);
    }
  }

  @Test
  public void shouldGoOnBesideAJarWithoutAProvider() throws Exception {
    try (BootedSystem system = boot();
        Load load = load(system)) {
      drop(withoutProvider());
      await(
          "the bundle",
          () -> dropped().stream().anyMatch(each -> each.getState() == Bundle.ACTIVE));
      assertEquals("empty.handed", dropped().getFirst().getSymbolicName());
      assertEquals(1, versions("slab").size());
      finish(system, load);
    }
  }

  @Test
  public void shouldFindAProviderByTheNameOfItsBundle() throws Exception {
    try (BootedSystem system = boot();
        Load load = load(system)) {
      drop(copy("heap.slab", "somebody.elses", NEWER, entry -> true));
      await("somebody else's heap", () -> versions("slab").contains(NEWER));
      done(system.swap(SwapRequest.of(Tier.HEAP, "somebody.elses")));
      assertEquals("somebody.elses", status(system, Tier.HEAP).bundle());
      finish(system, load);
    }
  }
}
