package kernel.deploy;

import allocator.api.AllocatorProvider;
import allocator.api.Tier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import kernel.api.BundleFinding;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** What became of a bundle's components, as Declarative Services tells it. */
final class Components {
  private final ServiceComponentRuntime runtime;
  private final Bundle bundle;
  private final String where;
  private final Map<String, Set<Tier>> implementors;
  private final List<ComponentDescriptionDTO> all;

  Components(ServiceComponentRuntime runtime, Bundle bundle, Map<String, Set<Tier>> implementors) {
    this.runtime = runtime;
    this.bundle = bundle;
    this.where = Diagnosis.label(bundle);
    this.implementors = implementors;
    this.all =
        runtime.getComponentDescriptionDTOs(bundle).stream()
            .filter(each -> implementors.containsKey(each.implementationClass) || isForTier(each))
            .toList();
  }

  private static boolean isForTier(ComponentDescriptionDTO component) {
    return Arrays.stream(component.serviceInterfaces)
        .anyMatch(type -> ProviderClasses.tier(type).isPresent());
  }

  /** {@return what keeps components that should be providers from being some} */
  List<BundleFinding> findings() {
    List<BundleFinding> found = new ArrayList<>();
    for (ComponentDescriptionDTO component : all) {
      List<BundleFinding> declared = declared(component);
      found.addAll(declared.isEmpty() ? states(component) : declared);
    }
    return found;
  }

  /** {@return whether a class is a component} */
  boolean has(String implementor) {
    return all.stream().anyMatch(each -> implementor.equals(each.implementationClass));
  }

  // ------------------------------------------------------------------------------ as it is written

  private List<BundleFinding> declared(ComponentDescriptionDTO component) {
    String type = component.implementationClass;
    if (bundle.getEntry(type.replace('.', '/') + ".class") == null) {
      return List.of(
          new BundleFinding(
              where,
              "component %s names the class %s, which is not in the jar"
                  .formatted(component.name, type),
              "write the class's full name into the description, or build the jar with bnd"
                  + " (bnd-maven-plugin)"));
    }
    Set<Tier> tiers = implementors.getOrDefault(component.implementationClass, Set.of());
    List<Tier> offered =
        Arrays.stream(component.serviceInterfaces)
            .flatMap(service -> ProviderClasses.tier(service).stream())
            .toList();
    if (!tiers.isEmpty() && !tiers.containsAll(offered)) {
      return List.of(wrongTier(component, tiers.iterator().next(), offered.getFirst()));
    }
    if (offered.isEmpty()) {
      return List.of(noService(component, tiers.iterator().next()));
    }
    return component.properties.get(AllocatorProvider.NAME) == null
        ? List.of(noName(where, component.implementationClass))
        : List.of();
  }

  private BundleFinding wrongTier(ComponentDescriptionDTO component, Tier right, Tier wrong) {
    return new BundleFinding(
        where,
        "component %s is registered as %s, but its class implements %s"
            .formatted(
                component.name, ProviderClasses.typeName(wrong), ProviderClasses.typeName(right)),
        service(right));
  }

  private BundleFinding noService(ComponentDescriptionDTO component, Tier tier) {
    String services = String.join(", ", component.serviceInterfaces);
    return new BundleFinding(
        where,
        "component %s implements %s, but %s"
            .formatted(
                component.name,
                ProviderClasses.typeName(tier),
                services.isEmpty()
                    ? "registers no service"
                    : "is registered as " + services + " only"),
        service(tier));
  }

  private static String service(Tier tier) {
    return "write @Component(service = " + ProviderClasses.simpleName(tier) + ".class, …)";
  }

  /** {@return the finding on a provider that has no name} */
  static BundleFinding noName(String where, String type) {
    return new BundleFinding(
        where,
        "the provider "
            + type
            + " has no name: its service has no property "
            + AllocatorProvider.NAME,
        "write @Component(…, property = AllocatorProvider.NAME + \"=NAME\")");
  }

  /** {@return the finding on a class that is no component} */
  static BundleFinding noComponent(String where, String type, Tier tier) {
    return new BundleFinding(
        where,
        "class %s implements %s, but is no component, so that nobody learns of it"
            .formatted(type, ProviderClasses.typeName(tier)),
        "annotate it with @Component(service = %s.class, property = AllocatorProvider.NAME"
                .formatted(ProviderClasses.simpleName(tier))
            + " + \"=NAME\") and build the jar with bnd (bnd-maven-plugin)");
  }

  // ------------------------------------------------------------------------------- as it turned
  // out

  private List<BundleFinding> states(ComponentDescriptionDTO component) {
    if (!runtime.isComponentEnabled(component)) {
      return List.of(
          new BundleFinding(
              where,
              "component " + component.name + " is not enabled",
              "remove enabled = false, or run scr:enable " + component.name));
    }
    Collection<ComponentConfigurationDTO> states = runtime.getComponentConfigurationDTOs(component);
    return states.isEmpty() && "require".equals(component.configurationPolicy)
        ? List.of(unconfigured(component))
        : states.stream().flatMap(state -> state(component, state).stream()).toList();
  }

  private Optional<BundleFinding> state(
      ComponentDescriptionDTO component, ComponentConfigurationDTO state) {
    return switch (state.state) {
      case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION ->
          Optional.of(unconfigured(component));
      case ComponentConfigurationDTO.UNSATISFIED_REFERENCE ->
          Optional.of(unsatisfied(component, state));
      case ComponentConfigurationDTO.FAILED_ACTIVATION ->
          Optional.of(failed(component, state.failure));
      default -> Optional.empty();
    };
  }

  private BundleFinding unconfigured(ComponentDescriptionDTO component) {
    String pid = component.configurationPid[0];
    return new BundleFinding(
        where,
        "component %s waits for a configuration %s".formatted(component.name, pid),
        "remove configurationPolicy = REQUIRE (settings reach it through open), or put "
            + pid
            + ".cfg into deploy/");
  }

  private BundleFinding unsatisfied(
      ComponentDescriptionDTO component, ComponentConfigurationDTO state) {
    String references =
        Arrays.stream(state.unsatisfiedReferences)
            .map(each -> each.name)
            .collect(Collectors.joining(", "));
    String services =
        Arrays.stream(component.references)
            .filter(each ->
                Arrays.stream(state.unsatisfiedReferences).anyMatch(u -> u.name.equals(each.name)))
            .map(each -> each.interfaceName)
            .collect(Collectors.joining(", "));
    return new BundleFinding(
        where,
        "component %s waits for the service %s (its reference %s), which nobody offers"
            .formatted(component.name, services, references),
        "put the bundle that offers it beside it, or make the reference optional");
  }

  private BundleFinding failed(ComponentDescriptionDTO component, @Nullable String failure) {
    String trace = failure == null ? "" : failure;
    String cause = Thrown.cause(trace, component.implementationClass);
    return new BundleFinding(
        where,
        "component %s could not be made: %s".formatted(component.name, cause),
        Thrown.remedy(cause),
        trace);
  }

  @Override
  public String toString() {
    return bundle + ": " + all.size() + " components";
  }
}
