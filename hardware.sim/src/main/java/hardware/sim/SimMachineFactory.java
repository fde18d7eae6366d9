package hardware.sim;

import allocator.api.Settings;
import hardware.api.Machine;
import hardware.api.MachineFactory;
import hardware.api.map.SanitisedMap;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/** The service that builds simulated x86-64 machines. */
@Component(
    configurationPid = "machine",
    // Read anew for each machine; a change must not end the machines that run.
    configurationPolicy = ConfigurationPolicy.IGNORE)
@Designate(ocd = MachineConfig.class)
public final class SimMachineFactory implements MachineFactory {
  @Override
  public Machine build(SanitisedMap map, Settings settings) {
    return SimMachine.build(map, settings);
  }
}
