package shell.command;

import allocator.api.Tier;
import heap.api.HeapPort;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import physmem.api.FrameEngine;
import physmem.api.FramePort;
import shell.text.Sizes;
import vmem.api.AddressArena;
import vmem.api.FitPolicy;

/** The command {@code alloc}: allocates by hand from one of the tiers. */
@Component(
    service = AllocCommand.class,
    property = {"osgi.command.scope=quarry", "osgi.command.function=alloc"})
public final class AllocCommand {
  private final Kernel kernel;

  /**
   * Made by Declarative Services.
   *
   * @param kernel has the running system
   */
  @Activate
  public AllocCommand(@Reference Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Allocates.
   *
   * @param session the prompt
   * @param words the tier, then the order of a frame block, or bytes
   */
  @Descriptor("alloc physmem ORDER | vmem BYTES | heap BYTES: allocate by hand, prints where")
  public void alloc(
      CommandSession session, @Descriptor("tier, then order or bytes") String... words) {
    Words.require(words, 2, 2, "alloc physmem ORDER | alloc vmem BYTES | alloc heap BYTES");
    String size = words[1];
    BootedSystem system = Running.of(kernel);
    String place =
        switch (tierNamed(words[0])) {
          case PHYSMEM -> frames(system, (int) number(size));
          case VMEM -> addresses(system, Sizes.parseBytes(size));
          case HEAP -> block(system, Sizes.parseBytes(size));
        };
    session.getConsole().println(place);
  }

  /** {@return whether a word is the name of a tier} */
  static boolean isTier(String word) {
    return Arrays.stream(Tier.values())
        .anyMatch(tier -> tier.label().equals(word.toLowerCase(Locale.ROOT)));
  }

  /** {@return the tier of a name} */
  static Tier tierNamed(String name) {
    return Arrays.stream(Tier.values())
        .filter(tier -> tier.label().equals(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no tier is named "
                    + name
                    + "; the tiers are "
                    + Arrays.stream(Tier.values())
                        .map(Tier::label)
                        .collect(Collectors.joining(", "))));
  }

  /** {@return a small number} */
  static long number(String text) {
    try {
      return Long.decode(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(text + " is no number", e);
    }
  }

  private static String frames(BootedSystem system, int order) {
    try (FramePort port = system.frames().open(0)) {
      long frame = port.allocate(order, 0);
      return frame == FrameEngine.NONE
          ? exhausted("frames")
          : "frame %d, physical 0x%x"
              .formatted(frame, frame * system.machine().memory().pageBytes());
    }
  }

  private static String addresses(BootedSystem system, long bytes) {
    long base = kernelArena(system).allocate(0, bytes, FitPolicy.INSTANT);
    return base == AddressArena.NONE ? exhausted("addresses") : "0x" + Long.toHexString(base);
  }

  /** {@return the arena for ranges that are mapped one by one} */
  static AddressArena kernelArena(BootedSystem system) {
    return system.addresses().arenas().stream()
        .filter(arena -> arena.spec().name().equals("kernel"))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the system has no arena named kernel"));
  }

  private static String block(BootedSystem system, long bytes) {
    try (HeapPort port = system.heap().open(0)) {
      long address = port.allocate(bytes);
      return address == 0 ? exhausted("heap memory") : "0x" + Long.toHexString(address);
    }
  }

  // A script that allocates and gets nothing must not go on as if it had.
  private static String exhausted(String what) {
    throw new IllegalStateException("exhausted: no " + what + " left for this request");
  }
}
