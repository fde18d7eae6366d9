package shell.cli;

import hardware.api.map.FirmwareMaps;
import kernel.api.Bundles;
import kernel.api.Kernel;
import org.apache.felix.service.command.CommandProcessor;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * What the commands work with.
 *
 * @param kernel boots machines
 * @param bundles brings other bundles in
 * @param maps reads firmware maps
 * @param processor runs the prompt's commands
 * @param samples the data that comes with the distribution
 * @param context this bundle's context
 */
record House(
    Kernel kernel,
    Bundles bundles,
    FirmwareMaps maps,
    CommandProcessor processor,
    Samples samples,
    BundleContext context) {
  /** {@return the version of Quarry} */
  String version() {
    return context.getBundle().getVersion().toString();
  }

  /** {@return whether the framework is about to end, so that nothing more should begin} */
  boolean ending() {
    return context.getBundle(0).getState() == Bundle.STOPPING;
  }
}
