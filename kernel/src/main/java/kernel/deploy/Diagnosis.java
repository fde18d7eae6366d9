package kernel.deploy;

import allocator.api.Tier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kernel.api.BundleFinding;
import kernel.boot.ProviderRegistry;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** What keeps one bundle from offering an allocator, as its author needs to know it. */
final class Diagnosis {
  /*
   * On its way to the prompt a provider passes these gates, and the first that is shut is told:
   *
   * 1. resolved   Everything the bundle requires is there (Requirements).
   * 2. started    Its activator, if it has one, has let it.
   * 3. component  A class with a provider's interface is described as a component in OSGI-INF.
   * 4. service    The component is satisfied, could be made, and is registered under the interface
   *               that its class implements, of the API that the kernel sees.
   * 5. registered The kernel's registry took it: it has a name, and model() answers.
   *
   * Whether open() and the engine are any good is for the exchange, and for the contract's tests.
   */

  private static final String COMPONENTS = "Service-Component";
  private static final String UNSTARTED = "is installed, but not started";

  private final BundleContext context;
  private final ProviderRegistry registry;
  private final ServiceComponentRuntime runtime;
  private final Requirements.Shipped shipped;

  Diagnosis(
      BundleContext context,
      ProviderRegistry registry,
      ServiceComponentRuntime runtime,
      Requirements.Shipped shipped) {
    this.context = context;
    this.registry = registry;
    this.runtime = runtime;
    this.shipped = shipped;
  }

  /** {@return the name and version of a bundle} */
  static String label(Bundle bundle) {
    return "bundle " + bundle.getSymbolicName() + " " + bundle.getVersion();
  }

  /** {@return whether a bundle came with Quarry} */
  boolean isShipped(Bundle bundle) {
    return shipped.has(bundle);
  }

  /** {@return whether a bundle is made for one of the tiers, as far as its files show} */
  boolean isForTier(Bundle bundle) {
    ProviderClasses classes = ProviderClasses.of(bundle);
    String imports = Optional.ofNullable(bundle.getHeaders("").get("Import-Package")).orElse("");
    return !classes.implementors().isEmpty()
        || classes.copiedApi().isPresent()
        || Arrays.stream(Tier.values()).anyMatch(tier -> imports.contains(tier.label() + ".api"));
  }

  /** {@return the findings on a bundle} */
  List<BundleFinding> of(Bundle bundle) {
    return switch (bundle.getState()) {
      case Bundle.UNINSTALLED -> List.of();
      case Bundle.INSTALLED -> {
        List<BundleFinding> why = unresolved(bundle);
        yield why.isEmpty() ? unstarted(bundle) : why;
      }
      case Bundle.RESOLVED, Bundle.STOPPING -> unstarted(bundle);
      default -> started(bundle);
    };
  }

  /** {@return why a bundle cannot be resolved, or nothing if that is not known} */
  List<BundleFinding> unresolved(Bundle bundle) {
    List<BundleFinding> unmet = new Requirements(context, shipped, bundle).unmet();
    return unmet.isEmpty() ? tooNew(bundle, ProviderClasses.of(bundle)) : unmet;
  }

  private static List<BundleFinding> unstarted(Bundle bundle) {
    return bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null
        ? List.of(
            new BundleFinding(label(bundle), UNSTARTED, "run start " + bundle.getSymbolicName()))
        : List.of();
  }

  private static List<BundleFinding> tooNew(Bundle bundle, ProviderClasses classes) {
    int here = Runtime.version().feature();
    return classes.tooNew().stream()
        .map(name ->
            new BundleFinding(
                label(bundle),
                "class %s is compiled for Java %d, and this is Java %d"
                    .formatted(name, classes.newestJava(), here),
                Requirements.compileFor(here)))
        .toList();
  }

  private List<BundleFinding> started(Bundle bundle) {
    ProviderClasses classes = ProviderClasses.of(bundle);
    List<BundleFinding> found = new ArrayList<>(tooNew(bundle, classes));
    Map<String, Set<Tier>> implementors = classes.implementors();
    Components components = new Components(runtime, bundle, implementors);
    found.addAll(registry.refused(bundle));
    if (found.isEmpty()) {
      found.addAll(components.findings());
    }
    boolean offers = registry.offers(bundle);
    if (!offers && found.isEmpty()) {
      found.addAll(foreign(bundle, classes));
    }
    if (!offers && found.isEmpty()) {
      found.addAll(components(bundle, implementors, components));
    }
    return found;
  }

  // The kernel does not see services of another copy of the API.
  private List<BundleFinding> foreign(Bundle bundle, ProviderClasses classes) {
    return classes
        .copiedApi()
        .map(type ->
            List.of(
                new BundleFinding(
                    label(bundle),
                    "holds its own copy of " + type + ", which is another type than Quarry's",
                    "leave the API out of the jar and import it (Maven: <scope>provided</scope>)")))
        .orElse(List.of());
  }

  private static List<BundleFinding> components(
      Bundle bundle, Map<String, Set<Tier>> implementors, Components components) {
    List<BundleFinding> found = new ArrayList<>(missingFiles(bundle));
    implementors.forEach((type, tiers) -> {
      if (found.isEmpty() && !components.has(type)) {
        found.add(Components.noComponent(label(bundle), type, tiers.iterator().next()));
      }
    });
    if (found.isEmpty() && implementors.isEmpty() && !isLibrary(bundle)) {
      found.add(
          new BundleFinding(
              label(bundle),
              "offers no allocator: none of its classes implements FrameProvider, AddressProvider"
                  + " or HeapProvider",
              "implement the one of your tier and annotate it with @Component"));
    }
    return found;
  }

  private static List<BundleFinding> missingFiles(Bundle bundle) {
    String header = Optional.ofNullable(bundle.getHeaders("").get(COMPONENTS)).orElse("");
    return Arrays.stream(header.split(","))
        .map(String::strip)
        .filter(path -> !path.isEmpty() && !path.contains("*") && bundle.getEntry(path) == null)
        .map(path ->
            new BundleFinding(
                label(bundle),
                "its manifest names the component " + path + ", which is not in the jar",
                "build the jar with bnd (bnd-maven-plugin), which writes both"))
        .toList();
  }

  // What others import from needs no provider of its own.
  private static boolean isLibrary(Bundle bundle) {
    return bundle.getHeaders("").get(Constants.EXPORT_PACKAGE) != null;
  }

  /** {@return the services of a bundle} */
  static List<ServiceReference<?>> services(Bundle bundle) {
    ServiceReference<?>[] services = bundle.getRegisteredServices();
    return services == null ? List.of() : List.of(services);
  }
}
