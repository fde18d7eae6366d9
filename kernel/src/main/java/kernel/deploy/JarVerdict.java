package kernel.deploy;

import allocator.api.AllocatorProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/** Why a jar in a watched directory is of no use, if it is. */
final class JarVerdict {
  private final BundleContext context;

  JarVerdict(BundleContext context) {
    this.context = context;
  }

  /** {@return what is wrong and what to do, or nothing if the jar offers an allocator} */
  Optional<String> on(Path jar) {
    try (JarFile file = new JarFile(jar.toFile())) {
      return on(file.getManifest());
    } catch (IOException e) {
      return Optional.of("is no jar, and nothing was installed: " + e.getMessage());
    }
  }

  private Optional<String> on(@Nullable Manifest manifest) {
    String name = manifest == null ? null : value(manifest, Constants.BUNDLE_SYMBOLICNAME);
    if (manifest == null || name == null) {
      return Optional.of(
          "is no bundle, and nothing was installed: its manifest has no Bundle-SymbolicName;"
              + " build it with bnd");
    }
    String plain = name.split(";", 2)[0].strip();
    String version = value(manifest, Constants.BUNDLE_VERSION);
    return Arrays.stream(context.getBundles())
        .filter(bundle -> plain.equals(bundle.getSymbolicName()))
        .filter(bundle -> version == null || bundle.getVersion().toString().equals(version))
        .findFirst()
        .map(this::on)
        .orElse(Optional.of("bundle " + plain + " was not installed; see the lines above"));
  }

  private static @Nullable String value(Manifest manifest, String header) {
    return manifest.getMainAttributes().getValue(header);
  }

  private Optional<String> on(Bundle bundle) {
    if (bundle.getState() == Bundle.INSTALLED) {
      return Optional.of("bundle " + bundle.getSymbolicName() + why(bundle));
    }
    return offersAllocator(bundle)
        ? Optional.empty()
        : Optional.of(
            "bundle %s offers no allocator: it has no service with the property %s; annotate the"
                    .formatted(bundle.getSymbolicName(), AllocatorProvider.NAME)
                + " provider with @Component and see scr:list");
  }

  // The framework says it only when it is asked to start.
  private static String why(Bundle bundle) {
    try {
      bundle.start(Bundle.START_TRANSIENT);
      return " was started late";
    } catch (BundleException e) {
      return " cannot be started: " + e.getMessage();
    }
  }

  private static boolean offersAllocator(Bundle bundle) {
    ServiceReference<?>[] services = bundle.getRegisteredServices();
    return services != null
        && Arrays.stream(services)
            .anyMatch(service -> service.getProperty(AllocatorProvider.NAME) != null);
  }
}
