package hardware.sim.map;

/** One way to write a firmware map, line by line. Implementations hold no state. */
interface LineFormat {
  /** The format's name as reports print it. */
  String title();

  /** How the maps of a format rank when one log holds several: the lowest declared is preferred. */
  enum Rank {
    /** The map that a kernel or hypervisor works with. */
    E820,
    /** The map that a loader or the firmware itself shows. */
    FIRMWARE,
    /** The resource tree of a running kernel. */
    RESOURCES
  }

  /** The rank of the format's maps. */
  default Rank rank() {
    return Rank.FIRMWARE;
  }

  /** Whether the format's types are EFI types. */
  default boolean efi() {
    return false;
  }

  /**
   * Whether the line is the first of a map that numbers its lines, so that it continues no other.
   */
  default boolean restarts(String text) {
    return false;
  }

  /** What the format makes of the given cleaned line, indentation included. */
  LineReading read(String text);
}
