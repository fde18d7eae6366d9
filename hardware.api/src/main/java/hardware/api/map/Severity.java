package hardware.api.map;

/** How much a finding matters to somebody who wants to boot from the map. */
public enum Severity {
  /** Worth knowing; nothing is wrong. */
  INFO,

  /** Odd: the map was read, but a part of it was ignored or contradicts another. */
  WARNING,

  /** The map cannot serve its purpose, though it could be read. */
  ERROR
}
