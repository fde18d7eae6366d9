package watch;

import allocator.api.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kernel.api.Kernel;
import org.apache.felix.hc.api.HealthCheck;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * A Felix Health Check per tier, with the tags {@code quarry} and the tier's label. The command
 * {@code health} runs them; with Felix' own health check core in {@code deploy/}, so does {@code
 * hc:exec}.
 */
@Component(
    service = {},
    immediate = true)
public final class Health {
  private final List<ServiceRegistration<HealthCheck>> registered = new ArrayList<>();

  /**
   * Made by Declarative Services.
   *
   * @param context registers the checks
   * @param kernel has the running system
   */
  @Activate
  public Health(BundleContext context, @Reference Kernel kernel) {
    for (Tier tier : Tier.values()) {
      Map<String, Object> properties =
          Map.of(
              HealthCheck.NAME,
              "Quarry " + tier.label(),
              HealthCheck.TAGS,
              new String[] {"quarry", tier.label()});
      registered.add(
          context.registerService(
              HealthCheck.class,
              new TierHealth(kernel, tier),
              FrameworkUtil.asDictionary(properties)));
    }
  }

  /** Called by Declarative Services. */
  @Deactivate
  void stop() {
    registered.forEach(ServiceRegistration::unregister);
  }
}
