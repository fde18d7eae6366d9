package shell.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import shell.text.Sizes;

/** The command {@code dump}: writes RAM as a raw image and says where the root table is. */
@Component(
    service = DumpCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=dump"})
public final class DumpCommand {
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public DumpCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Writes RAM as a raw image and says where the root table is.
   *
   * @param session the prompt
   * @param words the file to write
   */
  @Descriptor("dump FILE: raw RAM image from physical 0, sparse; prints the root register")
  public void dump(CommandSession session, @Descriptor("file to write") String... words) {
    String file = Words.require(words, 1, 1, "dump FILE")[0];
    BootedSystem system = Running.of(kernel);
    try {
      long bytes = system.machine().memory().dump(Path.of(file));
      session
          .getConsole()
          .printf("%s: %s%nroot 0x%x%n", file, Sizes.bytes(bytes), system.kernelSpace().root());
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written: " + e, e);
    }
  }
}
