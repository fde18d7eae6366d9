package heap.zone;

import allocator.api.MisuseException;

/** What is said of wrong calls: which address, what it is, what was expected. */
final class Faults {
  private Faults() {}

  /** An address that is in no zone, and at which no large block begins. */
  static MisuseException foreign(long address) {
    return new MisuseException(
        "0x%x is no live block: no zone of this heap has it, and no large block begins there"
            .formatted(address));
  }

  /** An address in a zone at which no live element begins. */
  static MisuseException notLive(long address, Zone zone, boolean begins) {
    return new MisuseException(
        begins
            ? "0x%x is no live block: the element of zone %s there was freed before, or never allocated"
                .formatted(address, zone.name())
            : "0x%x is no live block: it lies in zone %s, but no element begins there"
                .formatted(address, zone.name()));
  }

  static MisuseException otherZone(long address, Zone zone) {
    return new MisuseException("0x%x is no object of zone %s".formatted(address, zone.name()));
  }

  static MisuseException tooLong(long address, long bytes, long usable) {
    return new MisuseException(
        "0x%x has %d bytes, not the %d that its client says it asked for"
            .formatted(address, usable, bytes));
  }

  static MisuseException closed(Zone zone) {
    return new MisuseException("zone %s was destroyed".formatted(zone.name()));
  }

  static MisuseException stillLive(Zone zone, long objects) {
    return new MisuseException(
        "zone %s cannot be destroyed: %d of its elements are live; free them first"
            .formatted(zone.name(), objects));
  }
}
