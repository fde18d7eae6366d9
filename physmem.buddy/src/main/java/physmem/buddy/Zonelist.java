package physmem.buddy;

import java.util.Arrays;

/** Where a request may go: the zones it may use, the best first. Immutable. */
final class Zonelist {
  private final Zone[] zones;
  private final Zone first;
  private final int highest;
  private final boolean gentle;

  /**
   * Makes the list.
   *
   * @param zones the zones, best first
   * @param highest the highest kind of zone that the request could use on any machine
   */
  Zonelist(Zone[] zones, int highest) {
    this.zones = zones.clone();
    this.first = zones.length == 0 ? Zone.EMPTY : zones[0];
    this.highest = highest;
    boolean below =
        zones.length > 1 && zones[1].node() == first.node() && zones[1].kind() == Zone.DMA32;
    this.gentle = first.kind() == Zone.NORMAL && below;
  }

  int length() {
    return zones.length;
  }

  Zone zone(int place) {
    return zones[place];
  }

  /** {@return the best zone, or one without frames if there is none} */
  Zone first() {
    return first;
  }

  /** {@return the highest kind of zone that the request could use on any machine} */
  int highest() {
    return highest;
  }

  /**
   * {@return whether the request looks in lower zones before it scatters a type in the first one:
   * the kernel's rule where Normal has a DMA32 below it on the same node}
   */
  boolean gentle() {
    return gentle;
  }

  /** {@return the frame behind the highest that the request may use} */
  long end() {
    return Arrays.stream(zones).mapToLong(Zone::end).max().orElse(0);
  }
}
