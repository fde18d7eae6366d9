package allocator.api;

/** The level of memory management that an allocator serves, from the machine upward. */
public enum Tier {
  /** Page frames of RAM; ranges are counted in frames. */
  PHYSMEM("physmem", "frames"),
  /** Addresses of one address space; ranges are counted in bytes. */
  VMEM("vmem", "bytes"),
  /** Heap blocks; ranges are counted in bytes. */
  HEAP("heap", "bytes");

  private final String label;
  private final String unit;

  Tier(String label, String unit) {
    this.label = label;
    this.unit = unit;
  }

  /** {@return the lower-case name used on the command line, in settings and in bundle names} */
  public String label() {
    return label;
  }

  /** {@return what a range of this tier is counted in: {@code frames} or {@code bytes}} */
  public String unit() {
    return unit;
  }
}
