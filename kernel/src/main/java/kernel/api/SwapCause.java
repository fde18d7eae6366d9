package kernel.api;

/** Why an exchange was made. */
public enum SwapCause {
  /** Somebody asked for it. */
  COMMAND,
  /** The provider's service or bundle went away. */
  DEPARTURE,
  /** A provider came while there was none, or the one that served came back renewed. */
  ARRIVAL,
  /** A call into the provider threw what no provider may throw. */
  FAILURE,
  /** The guard caught the provider breaking its contract. */
  VIOLATION;

  /** {@return the name in lower case, for reports} */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
