package hardware.api.map;

import java.util.List;

/**
 * The processor architecture of the machine that printed a boot log, as far as zones depend on it.
 */
public enum Architecture {
  /** x86-64: DMA below 16 MiB, DMA32 below 4 GiB, Normal above. */
  X86_64("DMA DMA32 Normal Movable Device"),

  /** AArch64: DMA as far as the most limited device reaches, DMA32 below 4 GiB, Normal above. */
  ARM64("DMA DMA32 Normal Movable"),

  /** RISC-V with 64 bits: DMA32 below 4 GiB, Normal above. */
  RISCV64("DMA32 Normal Movable Device"),

  /** Not told, or another one: zones as on x86-64 unless the log names others. */
  OTHER("DMA DMA32 Normal Movable");

  private final String zones;

  Architecture(String zones) {
    this.zones = zones;
  }

  /**
   * {@return the names of the zones that Debian's kernels of this architecture have, lowest first}
   */
  public List<String> zones() {
    return List.of(zones.split(" "));
  }
}
