package hardware.api;

import allocator.api.Settings;
import hardware.api.map.SanitisedMap;
import org.osgi.annotation.versioning.ProviderType;

/** The service that builds machines. */
@ProviderType
public interface MachineFactory {
  /**
   * Builds a machine and switches it on.
   *
   * @param map where RAM lies
   * @param settings number of CPUs, directory of the RAM file, shape of the TLB and so on
   * @return the running machine; the caller closes it
   * @throws HostMemoryException if the host cannot hold its RAM
   * @throws allocator.api.BadSettingException if a setting is not accepted
   */
  Machine build(SanitisedMap map, Settings settings);
}
