package heap.api;

import java.util.Optional;

/**
 * The description of a cache of equal, constructed objects.
 *
 * @param name what reports call it
 * @param objectBytes the size of an object in bytes, at least 1
 * @param align a power of two that every object's address is a multiple of; 0 for the heap's
 *     default
 * @param constructor brings a fresh object into its constructed state; empty for none
 * @param destructor undoes the constructor before the memory goes back; empty for none
 */
public record CacheSpec(
    String name,
    long objectBytes,
    long align,
    Optional<ObjectAction> constructor,
    Optional<ObjectAction> destructor) {}
