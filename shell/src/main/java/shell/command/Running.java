package shell.command;

import kernel.api.BootedSystem;
import kernel.api.Kernel;

/** The system that the prompt's commands apply to. */
final class Running {
  private Running() {}

  /** {@return the running system} */
  static BootedSystem of(Kernel kernel) {
    return kernel
        .running()
        .orElseThrow(() -> new IllegalStateException("no machine is running; boot one: boot MAP"));
  }
}
