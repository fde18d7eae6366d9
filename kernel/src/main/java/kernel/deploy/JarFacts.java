package kernel.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import kernel.api.BundleFinding;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * What a jar's file shows before it is installed.
 *
 * @param symbolicName its Bundle-SymbolicName, empty if it is no bundle
 * @param version its version, if one is written
 * @param finding why it cannot be installed, if so
 */
record JarFacts(String symbolicName, Optional<String> version, Optional<BundleFinding> finding) {
  private static final String NOTHING = "nothing was installed; ";

  /** {@return the facts of a file} */
  static JarFacts of(Path jar) {
    if (Files.isDirectory(jar)) {
      return bad(jar, "is a directory", "name the jar in it");
    }
    try (JarFile file = new JarFile(jar.toFile())) {
      return of(jar, file.getManifest());
    } catch (NoSuchFileException e) {
      return bad(jar, "no such file", "check the path");
    } catch (IOException e) {
      return bad(
          jar,
          "is no jar, or not a whole one: " + e.getMessage(),
          NOTHING + "build or copy it again");
    }
  }

  private static JarFacts of(Path jar, @Nullable Manifest manifest) {
    String name = manifest == null ? null : value(manifest, Constants.BUNDLE_SYMBOLICNAME);
    if (manifest == null || name == null) {
      return bad(
          jar,
          "is no bundle: its manifest has no Bundle-SymbolicName",
          NOTHING + "build it with bnd (bnd-maven-plugin)");
    }
    return new JarFacts(
        name.split(";", 2)[0].strip(),
        Optional.ofNullable(value(manifest, Constants.BUNDLE_VERSION)).map(String::strip),
        Optional.empty());
  }

  private static @Nullable String value(Manifest manifest, String header) {
    return manifest.getMainAttributes().getValue(header);
  }

  private static JarFacts bad(Path jar, String what, String remedy) {
    return new JarFacts(
        "", Optional.empty(), Optional.of(new BundleFinding(jar.toString(), what, remedy)));
  }

  /** {@return the bundle of the same name and version that is installed} */
  Optional<Bundle> installed(BundleContext context) {
    return Arrays.stream(context.getBundles())
        .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
        .filter(bundle -> version.isEmpty() || bundle.getVersion().equals(parsed(version.get())))
        .findFirst();
  }

  private static Version parsed(String version) {
    try {
      return Version.parseVersion(version);
    } catch (IllegalArgumentException e) {
      return Version.emptyVersion; // the framework does not install it
    }
  }
}
