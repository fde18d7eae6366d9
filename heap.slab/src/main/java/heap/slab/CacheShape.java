package heap.slab;

import heap.api.ObjectAction;

/**
 * What is fixed of a cache.
 *
 * @param id its number, from 1: what its pages are marked with
 * @param label its name in figures and messages, unique in the heap
 * @param named whether a client made it
 * @param geometry how its slabs are cut
 * @param constructed whether its objects keep a state of the client's while they are free
 * @param constructor brings objects into their constructed state
 * @param destructor undoes the constructor
 */
record CacheShape(
    short id,
    String label,
    boolean named,
    SlabGeometry geometry,
    boolean constructed,
    ObjectAction constructor,
    ObjectAction destructor) {}
