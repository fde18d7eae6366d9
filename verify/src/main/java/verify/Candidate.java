package verify;

import allocator.api.AllocatorProvider;
import allocator.api.Tier;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kernel.api.BundleRefusedException;
import kernel.api.Bundles;
import kernel.api.Kernel;
import kernel.api.ProviderInfo;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;
import tck.tiers.Kits;

/** The bundle that is verified, in the framework. A bundle of the same name makes way for it. */
final class Candidate {
  private static final long REFRESH_SECONDS = 30;

  private final BundleContext context;
  private final Kernel kernel;
  private final Bundles bundles;
  private final Path jar;
  private Bundle bundle;

  private Candidate(BundleContext context, Kernel kernel, Bundles bundles, Path jar)
      throws VerifyException {
    this.context = context;
    this.kernel = kernel;
    this.bundles = bundles;
    this.jar = jar;
    this.bundle = brought();
  }

  /**
   * Installs and starts a bundle.
   *
   * @throws VerifyException if it cannot be, or offers no allocator
   */
  static Candidate install(BundleContext context, Kernel kernel, Bundles bundles, Path jar)
      throws VerifyException {
    Candidate candidate = new Candidate(context, kernel, bundles, jar);
    if (candidate.providers().isEmpty()) {
      throw new VerifyException(
          "bundle %s offers no allocator: it is a library, which is verified with the bundle that needs it"
              .formatted(candidate.bundle.getSymbolicName()));
    }
    return candidate;
  }

  private Bundle brought() throws VerifyException {
    try {
      return bundles.install(List.of(jar)).getFirst();
    } catch (BundleRefusedException e) {
      throw new VerifyException(String.valueOf(e.getMessage()));
    }
  }

  /** Starts the bundle; nothing happens if it runs. */
  void start() throws VerifyException {
    try {
      bundle.start();
    } catch (BundleException e) {
      throw new VerifyException(
          "bundle %s cannot be started: %s".formatted(bundle.getSymbolicName(), e.getMessage()));
    }
  }

  /** Stops the bundle. */
  void stop() throws VerifyException {
    try {
      bundle.stop();
    } catch (BundleException e) {
      throw new VerifyException(
          "bundle %s cannot be stopped: %s".formatted(bundle.getSymbolicName(), e.getMessage()));
    }
  }

  /** Installs the bundle anew after {@link #uninstall}, and starts it. */
  void installAgain() throws VerifyException {
    bundle = brought();
  }

  /** {@return the Bundle-SymbolicName} */
  String name() {
    return bundle.getSymbolicName();
  }

  /** {@return the bundle's version} */
  String version() {
    return bundle.getVersion().toString();
  }

  /** {@return the providers of the bundle, by tier} */
  List<ProviderInfo> providers() {
    List<ProviderInfo> own = new ArrayList<>();
    for (Tier tier : Tier.values()) {
      kernel.providers(tier).stream().filter(this::isOwn).forEach(own::add);
    }
    return own;
  }

  private boolean isOwn(ProviderInfo provider) {
    return provider.bundle().equals(name()) && provider.version().equals(version());
  }

  /** {@return the service of a provider of the bundle} */
  AllocatorProvider service(ProviderInfo provider) throws VerifyException {
    ServiceReference<?>[] offered = bundle.getRegisteredServices();
    for (ServiceReference<?> each : offered == null ? new ServiceReference<?>[0] : offered) {
      if (provider.name().equals(each.getProperty(AllocatorProvider.NAME))
          && context.getService(each) instanceof AllocatorProvider service
          && Kits.of(provider.tier()).type().isInstance(service)) {
        return service;
      }
    }
    throw new VerifyException(
        "provider %s of bundle %s cannot be had; the log says why"
            .formatted(provider.name(), name()));
  }

  /** Gives back what {@link #service} got, so that nothing here holds on to the bundle. */
  void letGo() {
    ServiceReference<?>[] offered = bundle.getRegisteredServices();
    if (offered != null) {
      Arrays.stream(offered).forEach(context::ungetService);
    }
  }

  /** {@return the names of the threads that run code of the bundle at this moment} */
  List<String> threads() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(each -> Arrays.stream(each.getValue()).anyMatch(this::isOwn))
        .map(each -> each.getKey().getName())
        .toList();
  }

  private boolean isOwn(StackTraceElement frame) {
    return bundle.getEntry(frame.getClassName().replace('.', '/') + ".class") != null;
  }

  /**
   * Uninstalls the bundle.
   *
   * @return its class loader, which nothing should hold any more
   */
  WeakReference<ClassLoader> uninstall() throws VerifyException {
    WeakReference<ClassLoader> classes =
        new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader());
    uninstall(bundle);
    return classes;
  }

  private void uninstall(Bundle gone) throws VerifyException {
    try {
      gone.uninstall();
    } catch (BundleException e) {
      throw new VerifyException(
          "bundle %s cannot be uninstalled: %s".formatted(gone.getSymbolicName(), e.getMessage()));
    }
    CountDownLatch refreshed = new CountDownLatch(1);
    context
        .getBundle(0)
        .adapt(FrameworkWiring.class)
        .refreshBundles(List.of(gone), event -> refreshed.countDown());
    await(refreshed, gone);
  }

  private static void await(CountDownLatch refreshed, Bundle gone) throws VerifyException {
    try {
      if (refreshed.await(REFRESH_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new VerifyException("bundle " + gone.getSymbolicName() + " was not refreshed in time");
  }
}
