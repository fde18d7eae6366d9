package heap.slab;

import heap.api.CacheSpec;
import heap.api.ObjectAction;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The register of caches: the general ones, by size class, and those that clients made. Reading
 * takes no lock; the array is replaced when a cache comes.
 */
final class Caches {
  private final SlabSpace space;
  private final SlabCache[] general = new SlabCache[SizeClasses.count()];
  private final SlabCache nobody; // stands where a cache was closed
  private volatile SlabCache[] all; // id - 1 to cache

  Caches(SlabSpace space) {
    this.space = space;
    for (int i = 0; i < general.length; i++) {
      general[i] = new SlabCache(space, generalShape(i));
    }
    this.nobody = new SlabCache(space, generalShape(0));
    this.all = general.clone();
  }

  /** {@return the caches of the size classes} */
  SlabCache[] general() {
    return general;
  }

  /** {@return the smallest general cache of an object's length whose objects are aligned so} */
  SlabCache aligned(long least, long align) {
    int index = SizeClasses.of(least);
    while (general[index].geometry.align() < align) {
      index++; // a power of two is next, and aligned to its size
    }
    return general[index];
  }

  SlabCache byId(int id) {
    return all[id - 1];
  }

  /** {@return every open cache} */
  List<SlabCache> open() {
    return Arrays.stream(all).filter(cache -> cache != nobody).toList();
  }

  /** Forgets a cache whose slabs have been given up. */
  synchronized void remove(SlabCache cache) {
    SlabCache[] next = all.clone();
    next[cache.id() - 1] = nobody;
    all = next;
  }

  private CacheShape generalShape(int index) {
    int bytes = SizeClasses.size(index);
    SlabGeometry geometry = geometry(bytes, SizeClasses.align(index, space.pageBytes));
    return new CacheShape(
        (short) (index + 1),
        SizeClasses.name(index),
        false,
        geometry,
        false,
        SlabCache.NOTHING,
        SlabCache.NOTHING);
  }

  private long stride(long bytes, long align) {
    long zone = space.settings.redzone() ? Guard.ZONE : 0;
    return (bytes + zone + align - 1) & -align;
  }

  private SlabGeometry geometry(long bytes, int align) {
    int stride = (int) stride(bytes, align);
    boolean colour = space.settings.colour();
    return space.settings.original()
        ? SlabGeometry.original(bytes, stride, align, space.pageBytes, colour)
        : SlabGeometry.choose(bytes, stride, align, space.pageBytes, space.cpus, colour);
  }

  /**
   * Makes a cache for a client.
   *
   * @return the cache, or empty if its objects fit in no slab or there are too many caches
   */
  synchronized Optional<SlabCache> create(CacheSpec spec) {
    require(spec);
    long align = Math.max(spec.align(), Region.GRANULE);
    long bytes = (spec.objectBytes() + Region.GRANULE - 1) & -Region.GRANULE;
    boolean fits =
        align <= space.pageBytes
            && SlabGeometry.fits(spec.objectBytes(), space.pageBytes)
            && SlabGeometry.fits(stride(bytes, align), space.pageBytes);
    int id = unusedId();
    if (!fits || id > Short.MAX_VALUE) {
      return Optional.empty();
    }
    SlabGeometry geometry = geometry(bytes, (int) align);
    SlabCache cache = new SlabCache(space, shape((short) id, spec, geometry));
    SlabCache[] next = Arrays.copyOf(all, Math.max(all.length, id));
    next[id - 1] = cache;
    all = next;
    return Optional.of(cache);
  }

  private static void require(CacheSpec spec) {
    if (spec.objectBytes() < 1) {
      throw new IllegalArgumentException(
          "cache %s: an object of %d bytes is too small; at least 1"
              .formatted(spec.name(), spec.objectBytes()));
    }
    if (spec.align() != 0 && (Long.bitCount(spec.align()) != 1 || spec.align() < 0)) {
      throw new IllegalArgumentException(
          "cache %s: alignment %d is neither 0 nor a power of two"
              .formatted(spec.name(), spec.align()));
    }
  }

  private int unusedId() {
    int id = general.length + 1;
    while (id <= all.length && all[id - 1] != nobody) {
      id++;
    }
    return id;
  }

  private CacheShape shape(short id, CacheSpec spec, SlabGeometry geometry) {
    boolean taken = false;
    for (SlabCache cache : open()) {
      taken |= cache.label().equals(spec.name());
    }
    String label = taken ? spec.name() + "~" + id : spec.name();
    ObjectAction constructor = spec.constructor().orElse(SlabCache.NOTHING);
    ObjectAction destructor = spec.destructor().orElse(SlabCache.NOTHING);
    return new CacheShape(
        id, label, true, geometry, spec.constructor().isPresent(), constructor, destructor);
  }
}
