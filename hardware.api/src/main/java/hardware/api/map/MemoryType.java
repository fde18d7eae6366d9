package hardware.api.map;

/**
 * What a range of a firmware map is for. The declaration order is the order of restrictiveness:
 * where ranges overlap, a byte belongs to the last declared of their types.
 *
 * <p>The names follow E820 (ACPI specification, "System Address Map Interfaces") and the UEFI
 * memory types (UEFI specification, {@code EFI_MEMORY_TYPE}), which between them cover the other
 * formats.
 */
public enum MemoryType {
  /** The image of the kernel that printed the map, inside RAM: noted, neither adds nor removes. */
  KERNEL("kernel image", Use.NEUTRAL),

  /** RAM that nobody claims: E820 type 1, EFI conventional memory. */
  USABLE("usable", Use.RAM),

  /** Code of an EFI boot loader; RAM once that loader has handed over. */
  LOADER_CODE("loader code", Use.LOADER),

  /** Data of an EFI boot loader; RAM once that loader has handed over. */
  LOADER_DATA("loader data", Use.LOADER),

  /** Code of the EFI boot services; RAM after {@code ExitBootServices}. */
  BOOT_CODE("boot services code", Use.BOOT_SERVICES),

  /** Data of the EFI boot services; RAM after {@code ExitBootServices}. */
  BOOT_DATA("boot services data", Use.BOOT_SERVICES),

  /** Memory that a boot loader without EFI keeps for its hand-over structures and modules. */
  BOOTLOADER("boot loader", Use.RESERVED),

  /** ACPI tables, which an operating system may reclaim once it has read them. */
  ACPI_DATA("ACPI data", Use.RESERVED),

  /** RAM of a confidential guest that it has not accepted from its host yet. */
  UNACCEPTED("unaccepted", Use.RESERVED),

  /** RAM set aside for a specific purpose, such as high-bandwidth or CXL memory. */
  SOFT_RESERVED("soft reserved", Use.RESERVED),

  /** Memory that keeps its content without power. */
  PERSISTENT("persistent", Use.RESERVED),

  /** Memory that firmware needs back after sleep. */
  ACPI_NVS("ACPI NVS", Use.RESERVED),

  /** Code of the EFI runtime services, or processor abstraction code. */
  RUNTIME_CODE("runtime code", Use.RESERVED),

  /** Data of the EFI runtime services. */
  RUNTIME_DATA("runtime data", Use.RESERVED),

  /** Reserved by firmware for reasons that it does not give. */
  RESERVED("reserved", Use.RESERVED),

  /** A type number that no specification names. */
  UNKNOWN("unknown", Use.RESERVED),

  /** Registers or windows of a device. */
  DEVICE("device", Use.RESERVED),

  /** RAM with known faults. */
  UNUSABLE("unusable", Use.RESERVED);

  private enum Use {
    NEUTRAL,
    RAM,
    LOADER,
    BOOT_SERVICES,
    RESERVED
  }

  private final String label;
  private final Use use;

  MemoryType(String label, Use use) {
    this.label = label;
    this.use = use;
  }

  /**
   * {@return the type's name as reports print it: lower case, without the raw text of any format}
   */
  public String label() {
    return label;
  }

  /**
   * {@return whether the type says nothing about use: its ranges neither add usable bytes nor
   * remove any}
   */
  public boolean neutral() {
    return use == Use.NEUTRAL;
  }

  /** {@return whether bytes of this type belong to an EFI boot loader, which hands them back} */
  public boolean loader() {
    return use == Use.LOADER;
  }

  /** {@return whether bytes of this type belong to the EFI boot services, which hand them back} */
  public boolean bootServices() {
    return use == Use.BOOT_SERVICES;
  }

  /**
   * {@return whether bytes of this type may become page frames}
   *
   * @param loaderUsable whether loader and boot-services memory counts as usable
   */
  public boolean usable(boolean loaderUsable) {
    return use == Use.RAM || (loaderUsable && (loader() || bootServices()));
  }
}
