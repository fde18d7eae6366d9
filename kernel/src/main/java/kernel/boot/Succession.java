package kernel.boot;

import allocator.api.Tier;
import java.util.EnumMap;
import java.util.Map;
import kernel.api.ProviderInfo;
import kernel.swap.Coordinator;

/**
 * What one system does when providers come and go.
 *
 * <p>A provider that served and comes back out of an update of its bundle serves again: whoever
 * replaces a jar wants the new one. One that was merely stopped and started waits until it is
 * called.
 */
final class Succession {
  private final Coordinator coordinator;
  private final ProviderRegistry registry;
  private final Map<Tier, Left> left = new EnumMap<>(Tier.class);

  /** Who left a tier, by which exchange, and where it was from. */
  private record Left(String name, Object origin, int exchanges) {}

  Succession(Coordinator coordinator, ProviderRegistry registry) {
    this.coordinator = coordinator;
    this.registry = registry;
  }

  synchronized void departed(ProviderInfo provider, Object origin) {
    boolean served = isServing(provider);
    coordinator.departed(provider);
    if (served) {
      left.put(provider.tier(), new Left(provider.name(), origin, coordinator.commands()));
    }
  }

  @SuppressWarnings("ReferenceEquality") // each arrival has an info of its own
  private boolean isServing(ProviderInfo provider) {
    return coordinator.serving(provider.tier()).map(now -> now == provider).orElse(false);
  }

  synchronized void arrived(ProviderInfo provider) {
    Left former = left.get(provider.tier());
    boolean returns =
        former != null
            && former.name().equals(provider.name())
            && former.exchanges() == coordinator.commands() // nobody has chosen otherwise since
            && registry.isRenewal(provider, former.origin());
    coordinator.arrived(provider, returns);
  }

  /** Looks after what happened before the first event. */
  void catchUp() {
    for (Tier tier : Tier.values()) {
      coordinator
          .serving(tier)
          .filter(provider -> !registry.isPresent(provider))
          .ifPresent(coordinator::departed);
    }
  }
}
