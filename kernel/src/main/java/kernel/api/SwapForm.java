package kernel.api;

/** How what was handed out passes to the successor. */
public enum SwapForm {
  /** The successor takes the predecessor's structures over in place. */
  ADOPT,
  /** The successor represents every live range anew. */
  REBUILD,
  /** Live blocks stay where they are; the kernel answers for them. */
  LODGE,
  /** The predecessor leaves and there is no successor: its census is kept and callers wait. */
  PARK,
  /** The successor takes over a census that was parked. */
  UNPARK;

  /** {@return the name in lower case, for reports} */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
