package hardware.api;

/** A virtual address that the page tables do not translate for the access made. */
public class PageFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why the walk ended. */
  public enum Cause {
    /** An entry on the way is not present. */
    NOT_PRESENT,
    /** A write through an entry that is not writable. */
    READ_ONLY,
    /** A user access through an entry of the supervisor. */
    SUPERVISOR_ONLY,
    /** An instruction fetch through an entry that forbids execution. */
    NO_EXECUTE,
    /**
     * The address is not canonical: its upper bits are not copies of the highest translated bit.
     */
    NOT_CANONICAL,
    /** An entry has bits set that the format reserves, or its table or page lies outside RAM. */
    MALFORMED
  }

  /** The virtual address. */
  private final long address;

  /** The level, counted down to 1. */
  private final int level;

  /** Why the walk ended. */
  private final Cause reason;

  /**
   * Makes the fault.
   *
   * @param address the virtual address
   * @param level the level at which the walk ended: 4 for the root table, 1 for the last, 0 before
   *     any table
   * @param reason why
   */
  public PageFault(long address, int level, Cause reason) {
    super("page fault at 0x%016x: %s at level %d".formatted(address, reason, level));
    this.address = address;
    this.level = level;
    this.reason = reason;
  }

  /** {@return the virtual address that faulted} */
  public long address() {
    return address;
  }

  /** {@return the level at which the walk ended, counted down to 1; 0 before any table was read} */
  public int level() {
    return level;
  }

  /** {@return why the walk ended} */
  public Cause reason() {
    return reason;
  }
}
