package watch;

import allocator.api.Tier;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import kernel.api.Kernel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The MXBeans {@code quarry:type=Tier,name=TIER} and {@code quarry:type=Machine} of the platform's
 * server, so that jconsole, VisualVM and exporters see the running system.
 */
@Component(
    service = {},
    immediate = true)
public final class Beans {
  private static final Logger LOG = LoggerFactory.getLogger("quarry.watch");

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final List<ObjectName> registered = new ArrayList<>();

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public Beans(@Reference Kernel kernel) {
    for (Tier tier : Tier.values()) {
      register("quarry:type=Tier,name=" + tier.label(), new TierBean(kernel, tier));
    }
    register("quarry:type=Machine", new MachineBean(kernel));
  }

  // A second Quarry in one JVM has the names already; the commands do not depend on them.
  private void register(String name, Object bean) {
    try {
      registered.add(server.registerMBean(bean, new ObjectName(name)).getObjectName());
    } catch (JMException e) {
      LOG.warn("{} is not there for JMX: {}", name, e.toString());
    }
  }

  /** Called by Declarative Services. */
  @Deactivate
  void stop() {
    for (ObjectName name : registered) {
      try {
        server.unregisterMBean(name);
      } catch (JMException e) {
        LOG.warn("{} stays registered: {}", name, e.toString());
      }
    }
  }
}
