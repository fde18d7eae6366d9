package heap.zone;

import heap.api.ObjectAction;

/**
 * What is fixed of a zone.
 *
 * @param id its index, 1 to 1022: what its pages are marked with
 * @param name its name in reports and messages
 * @param named whether a client made it
 * @param objectBytes what a client may use of an element
 * @param geometry how its chunks are cut
 * @param submap in which submap its addresses lie
 * @param fromEnd whether they are taken from the submap's upper end
 * @param constructor brings elements into their constructed state
 * @param destructor undoes the constructor
 */
record ZoneShape(
    int id,
    String name,
    boolean named,
    long objectBytes,
    ChunkGeometry geometry,
    int submap,
    boolean fromEnd,
    ObjectAction constructor,
    ObjectAction destructor) {
  /** Does nothing; the constructor and destructor of zones that have none. */
  static final ObjectAction NOTHING = (memory, address) -> {};

  /** {@return whether elements have a constructor or destructor} */
  boolean acts() {
    return !constructor.equals(NOTHING) || !destructor.equals(NOTHING);
  }
}
