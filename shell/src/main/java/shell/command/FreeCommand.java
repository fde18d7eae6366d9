package shell.command;

import heap.api.HeapPort;
import java.util.Arrays;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import physmem.api.FramePort;
import shell.text.Sizes;

/** The command {@code free}: frees by hand what {@code alloc} gave. */
@Component(
    service = FreeCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=free"})
public final class FreeCommand {
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public FreeCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Frees.
   *
   * @param session the prompt
   * @param words the tier, the frame number or address, then order or bytes where needed
   */
  @Descriptor("free physmem FRAME ORDER | vmem ADDRESS BYTES | heap ADDRESS: free by hand")
  public void free(
      CommandSession session,
      @Descriptor("tier, frame number or address, then order or bytes") String... words) {
    Words.require(
        words, 2, 3, "free physmem FRAME ORDER | free vmem ADDRESS BYTES | free heap ADDRESS");
    String place = words[1];
    String[] size = Arrays.copyOfRange(words, 2, words.length);
    BootedSystem system = Running.of(kernel);
    switch (AllocCommand.tierNamed(words[0])) {
      case PHYSMEM -> frames(system, AllocCommand.number(place), only(size));
      case VMEM ->
          AllocCommand.kernelArena(system)
              .free(0, Sizes.parseAddress(place), Sizes.parseBytes(only(size)));
      case HEAP -> block(system, Sizes.parseAddress(place));
    }
    session.getConsole().println("freed");
  }

  private static String only(String... size) {
    if (size.length != 1) {
      throw new IllegalArgumentException(
          "free physmem FRAME ORDER and free vmem ADDRESS BYTES need the size");
    }
    return size[0];
  }

  private static void frames(BootedSystem system, long frame, String order) {
    try (FramePort port = system.frames().open(0)) {
      port.free(frame, (int) AllocCommand.number(order));
    }
  }

  private static void block(BootedSystem system, long address) {
    try (HeapPort port = system.heap().open(0)) {
      port.free(address);
    }
  }
}
