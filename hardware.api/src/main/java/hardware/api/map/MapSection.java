package hardware.api.map;

/** Which of the maps that one log may hold. */
public enum MapSection {
  /** As firmware, boot loader or hypervisor provided it. */
  BIOS,

  /** As changed by {@code memmap=} and {@code mem=} on the command line ({@code user:} lines). */
  USER,

  /**
   * As changed by the kernel ({@code modified:}, {@code extended:}, {@code reserve setup_data:}).
   */
  MODIFIED,

  /** The last one in the log, whichever that is. */
  LAST
}
